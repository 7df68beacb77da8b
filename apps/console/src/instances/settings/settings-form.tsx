import { useQueryClient } from '@tanstack/react-query'
import { UpdateInstance } from '@toygres/schema'
import { ToygresError, type Instance } from '@toygres/sdk'
import { useState, type FormEvent } from 'react'
import { toygres } from '../../app/toygres.ts'
import { instanceQuery } from '../../live/queries.ts'
import { Button } from '../../ui/button.tsx'
import { explain, sentence } from '../../ui/explain.ts'
import { TextField } from '../../ui/field.tsx'
import { say } from '../../ui/toast.tsx'
import { LabelsField } from '../labels-field.tsx'
import { labelsFromText, labelsToText } from '../labels-text.ts'

interface Values {
  readonly interval: string
  readonly labels: string
}

interface Draft extends Values {
  /** What the draft began with, of the instance with this etag: it is saved only while nobody else has changed that. */
  readonly base: Values
  readonly etag: string
}

function draftOf({ healthCheckIntervalSeconds, labels, etag }: Instance): Draft {
  const base = { interval: String(healthCheckIntervalSeconds), labels: labelsToText(labels) }
  return { ...base, base, etag }
}

const fields = ['interval', 'labels'] as const

const isEdited = (draft: Draft, field: keyof Values) => draft[field] !== draft.base[field]

/** The same edits of what is so now; what was not edited is as somebody else saved it. */
const rebased = (draft: Draft, now: Draft): Draft => ({
  ...now,
  ...Object.fromEntries(
    fields.filter((field) => isEdited(draft, field)).map((field) => [field, draft[field]]),
  ),
})

export function SettingsForm({ instance }: { instance: Instance }) {
  const queryClient = useQueryClient()
  const [draft, setDraft] = useState(() => draftOf(instance))
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)

  const now = draftOf(instance)
  const edited = fields.filter((field) => isEdited(draft, field))
  const overtaken = draft.etag !== now.etag
  const conflict = overtaken && edited.some((field) => now[field] !== draft.base[field])
  // What somebody else saves meanwhile shows at once where nothing was typed.
  if (overtaken && !conflict && !busy) setDraft(rebased(draft, now))
  const edit = (part: Partial<Values>) => {
    setDraft({ ...draft, ...part })
    setError(undefined)
  }

  const settings = {
    healthCheckIntervalSeconds: Number(draft.interval),
    labels: labelsFromText(draft.labels),
  }
  const checked = UpdateInstance.safeParse({ id: instance.id, ...settings })
  const wrong = (field: string) => {
    const issue = checked.error?.issues.find(({ path }) => path[0] === field)
    return issue && sentence(issue.message)
  }

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      const { instance: saved } = await toygres.instances.update(instance.id, settings, { etag: draft.etag })
      setDraft(draftOf(saved))
      say('Saved')
    } catch (refused) {
      setError(refused)
      if (isOvertaken(refused))
        await queryClient.invalidateQueries({ queryKey: instanceQuery('').queryKey.slice(0, 1) })
    } finally {
      setBusy(false)
    }
  }

  return (
    <form className="card" aria-labelledby="settings" onSubmit={(event) => void submit(event)} noValidate>
      <div className="card-head">
        <h2 id="settings">Settings</h2>
      </div>
      <div className="card-body stack">
        {conflict && (
          <div className="conflict" role="alert">
            <h3>Somebody else has changed these settings meanwhile</h3>
            <p>
              They are now: a check every {now.interval} seconds,{' '}
              {now.labels === '' ? 'no labels' : `labels ${now.labels.split('\n').join(', ')}`}.
            </p>
            <div className="buttons">
              <Button small onClick={() => setDraft(now)}>
                Take theirs
              </Button>
              <Button small onClick={() => setDraft(rebased(draft, now))}>
                Keep mine
              </Button>
            </div>
          </div>
        )}
        <TextField
          label="Health check every (seconds)"
          inputMode="numeric"
          value={draft.interval}
          hint="From 5 to 3600. The next check is made at once."
          error={wrong('healthCheckIntervalSeconds')}
          onChange={(event) => edit({ interval: event.target.value })}
        />
        <LabelsField value={draft.labels} error={wrong('labels')} onChange={(labels) => edit({ labels })} />
        {error !== undefined && !conflict && (
          <p className="why" role="alert">
            {isOvertaken(error)
              ? 'Somebody else has changed this instance meanwhile. You see it as it is now, with your changes: save again if that is right.'
              : explain(error)}
          </p>
        )}
      </div>
      <div className="form-foot">
        <Button disabled={edited.length === 0 || busy} onClick={() => setDraft(now)}>
          Undo changes
        </Button>
        <Button
          look="primary"
          type="submit"
          disabled={edited.length === 0 || busy || conflict || !checked.success}
        >
          {busy ? 'Saving…' : 'Save'}
        </Button>
      </div>
    </form>
  )
}

const isOvertaken = (error: unknown): boolean =>
  error instanceof ToygresError && error.code === 'ETAG_MISMATCH'
