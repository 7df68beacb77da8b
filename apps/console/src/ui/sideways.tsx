import { useLayoutEffect, useRef, useState, type ReactNode } from 'react'
import './sideways.css'

/** What rounding leaves. */
const nearPx = 2

/**
 * What may be wider than there is room for: it is moved sideways, and its edges show on which side there is more. One
 * that has a name can be moved by the keyboard, too; what consists of links needs no such stop, since each of them is
 * brought into sight by its focus.
 */
export function Sideways({
  name,
  showing,
  className = '',
  children,
}: {
  name?: string
  /** When this changes, the link to the page that is open is brought into sight. */
  showing?: string
  className?: string
  children: ReactNode
}) {
  const place = useRef<HTMLDivElement>(null)
  const [more, setMore] = useState({ before: false, after: false })

  useLayoutEffect(() => {
    const element = place.current
    if (element === null) return
    const look = () => {
      const { scrollLeft, scrollWidth, clientWidth } = element
      const before = scrollLeft > nearPx
      const after = scrollLeft + clientWidth < scrollWidth - nearPx
      setMore((was) => (was.before === before && was.after === after ? was : { before, after }))
    }
    const left = new AbortController()
    element.addEventListener('scroll', look, { passive: true, signal: left.signal })
    const resized = new ResizeObserver(look)
    for (const one of [element, ...element.children]) resized.observe(one)
    return () => {
      left.abort()
      resized.disconnect()
    }
  }, [])

  useLayoutEffect(() => {
    const element = place.current
    const link = element?.querySelector<HTMLElement>('[aria-current=page]')
    if (showing === undefined || !element || !link) return
    const { left, width } = link.getBoundingClientRect()
    element.scrollLeft += left - element.getBoundingClientRect().left - (element.clientWidth - width) / 2
  }, [showing])

  const isCut = more.before || more.after
  return (
    <div className={`sideways ${className}`} data-before={more.before} data-after={more.after}>
      <div ref={place} {...(name && isCut && { role: 'group', 'aria-label': name, tabIndex: 0 })}>
        {children}
      </div>
    </div>
  )
}
