import { AlertDialog } from '@base-ui/react/alert-dialog'
import { useState, type FormEvent, type ReactNode } from 'react'
import { Button } from './button.tsx'
import './dialog.css'
import { TextField } from './field.tsx'

export interface ConfirmDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  children: ReactNode
  /** What must be typed before it can be done. */
  typed?: string
  verb: string
  /** Says itself when it goes wrong. */
  onConfirm: () => Promise<void>
}

/** For what cannot be taken back. */
export function ConfirmDialog({ open, onOpenChange, ...rest }: ConfirmDialogProps) {
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="dialog-backdrop" />
        <AlertDialog.Popup className="dialog">
          <Confirmation {...rest} close={() => onOpenChange(false)} />
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}

function Confirmation({
  title,
  children,
  typed,
  verb,
  onConfirm,
  close,
}: Omit<ConfirmDialogProps, 'open' | 'onOpenChange'> & { close: () => void }) {
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    await onConfirm()
    close()
  }
  return (
    <form onSubmit={(event) => void submit(event)} style={{ display: 'contents' }}>
      <AlertDialog.Title render={<h2 />}>{title}</AlertDialog.Title>
      <AlertDialog.Description render={<p />}>{children}</AlertDialog.Description>
      {typed !== undefined && (
        <TextField
          label={
            <>
              Type <code>{typed}</code> to go on
            </>
          }
          value={text}
          onChange={(event) => setText(event.target.value)}
          autoComplete="off"
          spellCheck={false}
          mono
        />
      )}
      <div className="buttons">
        <Button onClick={close}>Cancel</Button>
        <Button look="danger" type="submit" disabled={busy || (typed !== undefined && text.trim() !== typed)}>
          {verb}
        </Button>
      </div>
    </form>
  )
}
