import type { ApiKey, CreatedApiKey } from '@toygres/sdk'
import { useState } from 'react'
import { toygres } from '../app/toygres.ts'
import { SelectField } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { SecretOnce } from '../ui/secret-once.tsx'

const hour = 3_600
const overlaps: readonly (readonly [number, string])[] = [
  [0, 'Not at all: it is locked out at once'],
  [hour, 'For an hour'],
  [24 * hour, 'For a day'],
  [7 * 24 * hour, 'For a week'],
  [30 * 24 * hour, 'For 30 days'],
]

interface RotateKeyDialogProps {
  apiKey: ApiKey
  onClose: () => void
  onMade: () => void
}

/** A new key in the place of one: both open for a while, so that nothing that uses it has to stop. */
export function RotateKeyDialog({ apiKey: { id, name }, onClose, onMade }: RotateKeyDialogProps) {
  const [overlapSeconds, setOverlap] = useState(24 * hour)
  const [made, setMade] = useState<CreatedApiKey>()
  return (
    <FormDialog
      title={`Rotate ${name}`}
      verb="Make the new key"
      ready
      onClose={onClose}
      onSubmit={async () => {
        setMade(await toygres.keys.rotate(id, { overlapSeconds }))
        onMade()
      }}
      told={made && <SecretOnce title={`The new ${name}`} secret={made.secret} onClose={onClose} />}
    >
      <p>A new key is made with the same name and role.</p>
      <SelectField
        label="The old one still opens"
        value={overlapSeconds}
        onChange={(event) => setOverlap(Number(event.target.value))}
      >
        {overlaps.map(([seconds, text]) => (
          <option key={seconds} value={seconds}>
            {text}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  )
}
