import { Dialog } from '@base-ui/react/dialog'
import { useState, type FormEvent, type ReactNode } from 'react'
import { Button } from './button.tsx'
import './dialog.css'
import { explain } from './explain.ts'

export function FormDialog({
  open,
  onOpenChange,
  children,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  children: ReactNode
}) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className="dialog">{children}</Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

/** Fields, and what is done with them; why it was not done shows where they are. */
export function DialogForm({
  title,
  verb,
  ready,
  onSubmit,
  close,
  children,
}: {
  title: string
  verb: string
  ready: boolean
  onSubmit: () => Promise<void>
  close: () => void
  children: ReactNode
}) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  async function submit(event: FormEvent) {
    event.preventDefault()
    if (!ready) return
    setBusy(true)
    setError(undefined)
    try {
      await onSubmit()
    } catch (refused) {
      setError(refused)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className="dialog-form" onSubmit={(event) => void submit(event)} noValidate>
      <Dialog.Title render={<h2 />}>{title}</Dialog.Title>
      {children}
      {error !== undefined && (
        <p className="why" role="alert">
          {explain(error)}
        </p>
      )}
      <div className="buttons">
        <Button onClick={close}>Cancel</Button>
        <Button look="primary" type="submit" disabled={busy || !ready}>
          {verb}
        </Button>
      </div>
    </form>
  )
}
