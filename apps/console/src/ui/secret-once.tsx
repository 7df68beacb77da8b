import { Dialog } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Snippet } from './copy-as.tsx'
import './secret-once.css'

/** What is told this once, in a dialog that is open. */
export function SecretOnce({
  title,
  secret,
  close,
  children,
}: {
  title: string
  secret: string
  close: () => void
  children?: ReactNode
}) {
  return (
    <div className="secret">
      <Dialog.Title render={<h2 />}>{title}</Dialog.Title>
      <Dialog.Description render={<p />}>
        Take it along now: it is shown this once. {children}
      </Dialog.Description>
      <Snippet text={secret} />
      <div className="buttons">
        <Button look="primary" onClick={close}>
          Done
        </Button>
      </div>
    </div>
  )
}
