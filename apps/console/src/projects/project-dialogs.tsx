import { CreateProject, defaultQuota, UpdateProject } from '@toygres/schema'
import type { Project, Quota } from '@toygres/sdk'
import { useState } from 'react'
import { outsideProject } from '../app/toygres.ts'
import { TextField } from '../ui/field.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { say } from '../ui/toast.tsx'
import { wrongWith } from '../ui/wrong.ts'

interface DialogProps {
  onClose: () => void
  onDone: () => void
}

/** As it is typed; empty is no limit. */
type Limits = Record<keyof Quota, string>

const typed = ({ instances, operations }: Quota): Limits => ({
  instances: instances === null ? '' : String(instances),
  operations: operations === null ? '' : String(operations),
})
const limit = (text: string): number | null => (text.trim() === '' ? null : Number(text))
const quotaOf = ({ instances, operations }: Limits) => ({
  instances: limit(instances),
  operations: limit(operations),
})

export function NewProjectDialog({ onClose, onDone }: DialogProps) {
  const [name, setName] = useState('')
  const [limits, setLimits] = useState(typed(defaultQuota))
  const input = CreateProject.safeParse({ name, quota: quotaOf(limits) })
  return (
    <FormDialog
      title="New project"
      verb="Make the project"
      ready={input.success}
      onClose={onClose}
      onSubmit={async () => {
        await outsideProject.projects.create({ name, quota: quotaOf(limits) })
        say(`${name} is made`)
        onDone()
        onClose()
      }}
    >
      <TextField
        label="Name"
        value={name}
        hint="Lower-case letters, digits and “-”."
        error={name === '' ? undefined : wrongWith(input.error, 'name')}
        onChange={(event) => setName(event.target.value)}
        autoComplete="off"
        spellCheck={false}
        mono
      />
      <QuotaFields limits={limits} onChange={setLimits} />
    </FormDialog>
  )
}

export function QuotaDialog({
  project: { id, name, quota },
  onClose,
  onDone,
}: DialogProps & { project: Project }) {
  const [limits, setLimits] = useState(typed(quota))
  const input = UpdateProject.safeParse({ id, quota: quotaOf(limits) })
  return (
    <FormDialog
      title={`Quota of ${name}`}
      verb="Save"
      ready={input.success}
      onClose={onClose}
      onSubmit={async () => {
        await outsideProject.projects.update(id, { quota: quotaOf(limits) })
        say('Saved')
        onDone()
        onClose()
      }}
    >
      <p>Below what is in use, it takes nothing away: it only lets nothing be added.</p>
      <QuotaFields limits={limits} onChange={setLimits} />
    </FormDialog>
  )
}

function QuotaFields({ limits, onChange }: { limits: Limits; onChange: (limits: Limits) => void }) {
  const wrong = (text: string) => {
    const value = limit(text)
    const fits = value === null || (Number.isInteger(value) && value >= 0 && value <= 1_000_000)
    return fits ? undefined : 'A whole number from 0 to 1000000, or nothing.'
  }
  return (
    <>
      <TextField
        label="Instances at most"
        inputMode="numeric"
        value={limits.instances}
        hint="Empty: no limit."
        error={wrong(limits.instances)}
        onChange={(event) => onChange({ ...limits, instances: event.target.value })}
      />
      <TextField
        label="Operations under way at most"
        inputMode="numeric"
        value={limits.operations}
        hint="Empty: no limit. Deletions are never refused."
        error={wrong(limits.operations)}
        onChange={(event) => onChange({ ...limits, operations: event.target.value })}
      />
    </>
  )
}
