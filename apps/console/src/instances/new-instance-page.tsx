import { Link, useNavigate } from '@tanstack/react-router'
import {
  CreateInstance,
  defaultHealthCheckIntervalSeconds,
  defaultPostgresVersion,
  PostgresVersion,
} from '@toygres/schema'
import { ConflictError, InvalidInputError } from '@toygres/sdk'
import { ChevronRight } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { toygres } from '../app/toygres.ts'
import { Button } from '../ui/button.tsx'
import { CopyAs } from '../ui/copy-as.tsx'
import { explain, sentence } from '../ui/explain.ts'
import { SelectField, TextField } from '../ui/field.tsx'
import { sayFailed } from '../ui/toast.tsx'
import { useSettled } from '../ui/use-settled.ts'
import { useTitle } from '../ui/use-title.ts'
import { createAs } from './create-as.ts'
import { CreationPlan, stopPlanning, usePlan } from './creation-plan.tsx'
import { LabelsField } from './labels-field.tsx'
import { labelsFromText } from './labels-text.ts'
import './new-instance-page.css'

const fields = ['name', 'version', 'healthCheckIntervalSeconds', 'labels'] as const
type Field = (typeof fields)[number]

export function NewInstancePage() {
  useTitle('New instance')
  const navigate = useNavigate()
  const [name, setName] = useState('')
  const [version, setVersion] = useState<string>(defaultPostgresVersion)
  const [interval, setInterval] = useState(String(defaultHealthCheckIntervalSeconds))
  const [labels, setLabels] = useState('')
  const [left, setLeft] = useState<ReadonlySet<Field>>(new Set())
  const [refused, setRefused] = useState<Partial<Record<Field, string>>>({})
  const [busy, setBusy] = useState(false)

  const input = CreateInstance.safeParse({
    name,
    version,
    healthCheckIntervalSeconds: Number(interval),
    labels: labelsFromText(labels),
  })
  const typed = input.data && JSON.stringify(input.data)
  const settled = useSettled(typed)
  const plan = usePlan(settled, !busy)
  // Of what is typed now, not of what was typed a moment ago.
  const refusedPlan = plan.isFetching || settled !== typed ? {} : refusedFields(plan.error)

  /** Only of a field that somebody has been at: an empty form has no errors yet. */
  const errorOf = (field: Field): string | undefined => {
    const issue = input.error?.issues.find(({ path }) => path[0] === field)
    return left.has(field) && issue ? sentence(issue.message) : (refused[field] ?? refusedPlan[field])
  }
  const touch = (field: Field) => {
    setLeft(new Set([...left, field]))
    setRefused({ ...refused, [field]: undefined })
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (!input.success) return setLeft(new Set(fields))
    setBusy(true)
    await stopPlanning()
    try {
      const { operation } = await toygres.instances.create(input.data)
      await navigate({ to: '/operations/$operation', params: { operation: operation.id } })
    } catch (error) {
      setBusy(false)
      setRefused(refusedFields(error))
      if (!(error instanceof InvalidInputError || error instanceof ConflictError))
        sayFailed(`${name} is not created`, error)
    }
  }

  return (
    <main className="new-instance">
      <nav className="crumbs" aria-label="Breadcrumb">
        <Link to="/">Instances</Link>
        <ChevronRight size={14} aria-hidden="true" />
        <span aria-current="page">New</span>
      </nav>
      <h1>New instance</h1>
      <div className="columns">
        <form className="card" onSubmit={(event) => void submit(event)} noValidate>
          <div className="card-body">
            <TextField
              label="Name"
              name="name"
              value={name}
              placeholder="orders"
              hint="Lower-case letters, digits and “-”; 40 characters at most. It cannot be changed later."
              error={errorOf('name')}
              onChange={(event) => {
                setName(event.target.value)
                // Each letter is looked at, but that the first is missing.
                if (event.target.value !== '') touch('name')
              }}
              onBlur={() => name !== '' && touch('name')}
              autoComplete="off"
              spellCheck={false}
              autoFocus
              mono
            />
            <SelectField
              label="PostgreSQL"
              name="version"
              value={version}
              hint="The major version; its newest minor release is run."
              error={errorOf('version')}
              onChange={(event) => setVersion(event.target.value)}
            >
              {PostgresVersion.options.toReversed().map((one) => (
                <option key={one} value={one}>
                  PostgreSQL {one}
                </option>
              ))}
            </SelectField>
            <TextField
              label="Health check every (seconds)"
              name="interval"
              inputMode="numeric"
              value={interval}
              hint="From 5 to 3600."
              error={errorOf('healthCheckIntervalSeconds')}
              onChange={(event) => {
                setInterval(event.target.value)
                touch('healthCheckIntervalSeconds')
              }}
            />
            <LabelsField
              value={labels}
              error={errorOf('labels')}
              onChange={(text) => {
                setLabels(text)
                touch('labels')
              }}
            />
          </div>
          <div className="form-foot">
            <Link to="/" className="button plain">
              Cancel
            </Link>
            <Button look="primary" type="submit" disabled={busy}>
              {busy ? 'Creating…' : 'Create instance'}
            </Button>
          </div>
        </form>
        <aside className="stack" aria-label="What it would do, and the same elsewhere">
          <CreationPlan plan={plan} />
          <CopyAs
            forms={createAs({
              name: name || 'orders',
              version,
              interval: Number(interval) || defaultHealthCheckIntervalSeconds,
              labels: labelsFromText(labels),
            })}
          />
        </aside>
      </div>
    </main>
  )
}

/** At which field a refusal is shown. */
function refusedFields(error: unknown): Partial<Record<Field, string>> {
  if (error instanceof ConflictError && error.code === 'INSTANCE_NAME_TAKEN') return { name: explain(error) }
  if (!(error instanceof InvalidInputError)) return {}
  return Object.fromEntries((error.fields ?? []).map(({ path, message }) => [path, sentence(message)]))
}
