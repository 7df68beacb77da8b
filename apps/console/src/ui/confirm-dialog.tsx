import { AlertDialog } from '@base-ui/react/alert-dialog'
import { useState, type FormEvent, type ReactNode } from 'react'
import { Button } from './button.tsx'
import './dialog.css'
import { TextField } from './field.tsx'
import { useFinalFocus } from './final-focus.ts'

export interface ConfirmDialogProps {
  onClose: () => void
  title: string
  children: ReactNode
  /** What must be typed before it can be done. */
  typed?: string
  verb: string
  /** Says itself when it goes wrong. */
  onConfirm: () => Promise<void>
}

/** For what cannot be taken back. It is there, and open, while it is wanted. */
export function ConfirmDialog({ onClose, title, children, typed, verb, onConfirm }: ConfirmDialogProps) {
  const finalFocus = useFinalFocus()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    await onConfirm()
    onClose()
  }
  return (
    <AlertDialog.Root open onOpenChange={onClose}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="dialog-backdrop" />
        <AlertDialog.Popup className="dialog" finalFocus={finalFocus}>
          <form className="dialog-form" onSubmit={(event) => void submit(event)}>
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
              <Button onClick={onClose}>Cancel</Button>
              <Button
                look="danger"
                type="submit"
                disabled={busy || (typed !== undefined && text.trim() !== typed)}
              >
                {verb}
              </Button>
            </div>
          </form>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
