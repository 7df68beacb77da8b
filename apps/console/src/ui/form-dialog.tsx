import { Dialog } from '@base-ui/react/dialog'
import { useState, type FormEvent, type ReactNode } from 'react'
import { Button } from './button.tsx'
import './dialog.css'
import { explain } from './explain.ts'
import { useFinalFocus } from './final-focus.ts'

export interface FormDialogProps {
  title: string
  verb: string
  ready: boolean
  /** What it throws is shown where the fields are. */
  onSubmit: () => Promise<void>
  onClose: () => void
  /** Shown in place of the fields once there is something to tell. */
  told?: ReactNode
  children: ReactNode
}

/** Fields, and what is done with them. It is there, and open, while it is wanted. */
export function FormDialog({ told, ...form }: FormDialogProps) {
  const finalFocus = useFinalFocus()
  const [busy, setBusy] = useState(false)
  // What is told this once, or is about to be, is not lost by a key or a click beside it.
  const leave = () => {
    if (!busy && told === undefined) form.onClose()
  }
  return (
    <Dialog.Root open onOpenChange={leave}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className="dialog" finalFocus={finalFocus}>
          {told ?? <Form {...form} busy={busy} setBusy={setBusy} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

interface Submission {
  busy: boolean
  setBusy: (busy: boolean) => void
}

function Form({
  title,
  verb,
  ready,
  onSubmit,
  onClose,
  children,
  busy,
  setBusy,
}: Omit<FormDialogProps, 'told'> & Submission) {
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
        <Button onClick={onClose} disabled={busy}>
          Cancel
        </Button>
        <Button look="primary" type="submit" disabled={busy || !ready}>
          {verb}
        </Button>
      </div>
    </form>
  )
}
