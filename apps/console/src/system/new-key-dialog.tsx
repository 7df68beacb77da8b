import { Dialog } from '@base-ui/react/dialog'
import { CreateApiKey, Role } from '@toygres/schema'
import type { CreatedApiKey } from '@toygres/sdk'
import { useState, type FormEvent } from 'react'
import { toygres } from '../app/toygres.ts'
import { Button } from '../ui/button.tsx'
import { Snippet } from '../ui/copy-as.tsx'
import '../ui/dialog.css'
import { explain, sentence } from '../ui/explain.ts'
import { SelectField, TextField } from '../ui/field.tsx'

interface NewKeyDialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  onMade: () => void
}

export function NewKeyDialog({ open, onOpenChange, onMade }: NewKeyDialogProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className="dialog">
          <NewKey onMade={onMade} close={() => onOpenChange(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function NewKey({ onMade, close }: { onMade: () => void; close: () => void }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<string>('operator')
  const [days, setDays] = useState('90')
  const [error, setError] = useState<string>()
  const [made, setMade] = useState<CreatedApiKey>()
  const input = CreateApiKey.safeParse({ name, role, ...(days !== '' && { validDays: Number(days) }) })
  const wrong = (field: string) => {
    const issue = input.error?.issues.find(({ path }) => path[0] === field)
    return issue && sentence(issue.message)
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (!input.success) return
    try {
      setMade(await toygres.keys.create(input.data))
      onMade()
    } catch (refused) {
      setError(explain(refused))
    }
  }

  if (made)
    return (
      <div className="secret">
        <Dialog.Title render={<h2 />}>{made.key.name} is made</Dialog.Title>
        <Dialog.Description render={<p />}>Take it along now: it is shown this once.</Dialog.Description>
        <Snippet text={made.secret} />
        <div className="buttons">
          <Button look="primary" onClick={close}>
            Done
          </Button>
        </div>
      </div>
    )
  return (
    <form className="secret" onSubmit={(event) => void submit(event)} noValidate>
      <Dialog.Title render={<h2 />}>New API key</Dialog.Title>
      <TextField
        label="Name"
        hint="What people know it by."
        value={name}
        error={name === '' ? undefined : wrong('name')}
        onChange={(event) => setName(event.target.value)}
        autoComplete="off"
      />
      <SelectField
        label="Role"
        hint="A viewer looks, an operator also changes, an admin also gives out keys."
        value={role}
        onChange={(event) => setRole(event.target.value)}
      >
        {Role.options.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </SelectField>
      <TextField
        label="Valid for (days)"
        hint="Empty: it never expires."
        inputMode="numeric"
        value={days}
        error={wrong('validDays')}
        onChange={(event) => setDays(event.target.value)}
      />
      {error && (
        <p className="why" role="alert">
          {error}
        </p>
      )}
      <div className="buttons">
        <Button onClick={close}>Cancel</Button>
        <Button look="primary" type="submit" disabled={!input.success}>
          Make the key
        </Button>
      </div>
    </form>
  )
}
