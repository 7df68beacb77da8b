import { CreateApiKey, Role } from '@toygres/schema'
import type { CreatedApiKey } from '@toygres/sdk'
import { useState } from 'react'
import { toygres } from '../app/toygres.ts'
import { useSession } from '../app/use-session.ts'
import { SelectField, TextField } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { SecretOnce } from '../ui/secret-once.tsx'
import { wrongWith } from '../ui/wrong.ts'

export function NewKeyDialog({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const isOfSystem = useSession().projectId === null
  const [name, setName] = useState('')
  const [role, setRole] = useState<string>('operator')
  const [system, setSystem] = useState(false)
  const [days, setDays] = useState('90')
  const [made, setMade] = useState<CreatedApiKey>()
  const input = CreateApiKey.safeParse({
    name,
    role,
    ...(system && { system }),
    ...(days !== '' && { validDays: Number(days) }),
  })

  return (
    <FormDialog
      title="New API key"
      verb="Make the key"
      ready={input.success}
      onClose={onClose}
      onSubmit={async () => {
        if (!input.success) return
        setMade(await toygres.keys.create(input.data))
        onMade()
      }}
      told={made && <SecretOnce title={`${made.key.name} is made`} secret={made.secret} onClose={onClose} />}
    >
      <TextField
        label="Name"
        hint="What people know it by."
        value={name}
        error={name === '' ? undefined : wrongWith(input.error, 'name')}
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
      {isOfSystem && (
        <SelectField
          label="Opens"
          hint="One of the system may act in every project, and looks at the control plane itself."
          value={system ? 'system' : 'project'}
          onChange={(event) => setSystem(event.target.value === 'system')}
        >
          <option value="project">This project</option>
          <option value="system">The system: every project</option>
        </SelectField>
      )}
      <TextField
        label="Valid for (days)"
        hint="Empty: it never expires."
        inputMode="numeric"
        value={days}
        error={wrongWith(input.error, 'validDays')}
        onChange={(event) => setDays(event.target.value)}
      />
    </FormDialog>
  )
}
