import { lazy, Suspense, useEffect, useState } from 'react'

const Palette = lazy(() => import('./palette.tsx').then(({ Palette }) => ({ default: Palette })))

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent)
export const paletteKeys = isApple ? '⌘K' : 'Ctrl K'

let open = (): void => {}
export const openPalette = (): void => open()

/** Everything that can be gone to or done, by the keyboard: Ctrl K. Its code is fetched when it is first wanted. */
export function CommandPalette() {
  const [isOpen, setOpen] = useState(false)
  const [wanted, setWanted] = useState(false)
  useEffect(() => {
    open = () => {
      setWanted(true)
      setOpen(true)
    }
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(isApple ? event.metaKey : event.ctrlKey)) return
      event.preventDefault()
      open()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [])
  return <Suspense>{wanted && <Palette open={isOpen} onOpenChange={setOpen} />}</Suspense>
}
