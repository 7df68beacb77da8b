import { Dialog } from '@base-ui/react/dialog'
import { useEffect, useRef, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { Snippet } from './copy-as.tsx'
import './secret-once.css'

/** What is told this once, in a dialog that is open. */
export function SecretOnce({
  title,
  secret,
  onClose,
  children,
}: {
  title: string
  secret: string
  onClose: () => void
  children?: ReactNode
}) {
  const done = useRef<HTMLButtonElement>(null)
  // It took the place of the button that had the focus.
  useEffect(() => done.current?.focus(), [])
  return (
    <div className="secret">
      <Dialog.Title render={<h2 />}>{title}</Dialog.Title>
      <Dialog.Description render={<p />}>
        Take it along now: it is shown this once. {children}
      </Dialog.Description>
      <Snippet text={secret} />
      <div className="buttons">
        <Button ref={done} look="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  )
}
