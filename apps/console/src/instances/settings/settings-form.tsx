import { useQueryClient } from '@tanstack/react-query'
import { UpdateInstance } from '@toygres/schema'
import { ToygresError, type Instance } from '@toygres/sdk'
import { useId, useState, type FormEvent } from 'react'
import { toygres } from '../../app/toygres.ts'
import { instanceQuery } from '../../live/queries.ts'
import { Button } from '../../ui/button.tsx'
import { explain, sentence } from '../../ui/explain.ts'
import { TextField } from '../../ui/field.tsx'
import { say } from '../../ui/toast.tsx'
import { labelsFromText, labelsToText } from './labels-text.ts'

interface Draft {
  readonly interval: string
  readonly labels: string
  /** Of the instance that the draft began with: it is saved only while nobody else has changed that. */
  readonly etag: string
}

const draftOf = ({ healthCheckIntervalSeconds, labels, etag }: Instance): Draft => ({
  interval: String(healthCheckIntervalSeconds),
  labels: labelsToText(labels),
  etag,
})

export function SettingsForm({ instance }: { instance: Instance }) {
  const queryClient = useQueryClient()
  const labelsId = useId()
  const [draft, setDraft] = useState(() => draftOf(instance))
  const [error, setError] = useState<unknown>()
  const [busy, setBusy] = useState(false)

  const now = draftOf(instance)
  const isEdited = draft.interval !== now.interval || draft.labels !== now.labels
  // What somebody else saves meanwhile shows at once where nothing was typed.
  const overtaken = draft.etag !== now.etag
  if (overtaken && !isEdited && !busy) setDraft(now)
  const conflict = overtaken && isEdited

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
      if (refused instanceof ToygresError && refused.code === 'ETAG_MISMATCH')
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
              <Button small onClick={() => setDraft({ ...draft, etag: now.etag })}>
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
          onChange={(event) => setDraft({ ...draft, interval: event.target.value })}
        />
        <div className="field">
          <label htmlFor={labelsId}>Labels</label>
          <textarea
            id={labelsId}
            className="mono"
            rows={4}
            value={draft.labels}
            spellCheck={false}
            placeholder={'team=payments\nenvironment=staging'}
            aria-invalid={wrong('labels') !== undefined}
            aria-describedby={`${labelsId}-more`}
            onChange={(event) => setDraft({ ...draft, labels: event.target.value })}
          />
          <p id={`${labelsId}-more`} className={wrong('labels') ? 'hint wrong' : 'hint'} aria-live="polite">
            {wrong('labels') ?? 'One a line, as name=value. For yourselves: Toygres decides nothing by them.'}
          </p>
        </div>
        {error !== undefined && !conflict && (
          <p className="why" role="alert">
            {explain(error)}
          </p>
        )}
      </div>
      <div className="form-foot">
        <Button disabled={!isEdited || busy} onClick={() => setDraft(now)}>
          Undo changes
        </Button>
        <Button look="primary" type="submit" disabled={!isEdited || busy || conflict || !checked.success}>
          {busy ? 'Saving…' : 'Save'}
        </Button>
      </div>
    </form>
  )
}
