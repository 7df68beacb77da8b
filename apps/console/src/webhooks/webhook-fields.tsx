import { WebhookEventKind } from '@toygres/schema'
import { TextField } from '../ui/field.tsx'
import './webhook-fields.css'

export interface WebhookDraft {
  readonly url: string
  readonly kinds: readonly WebhookEventKind[]
}

export function WebhookFields({
  draft: { url, kinds },
  onChange,
  wrongUrl,
}: {
  draft: WebhookDraft
  onChange: (draft: WebhookDraft) => void
  wrongUrl: string | undefined
}) {
  const choose = (kind: WebhookEventKind, isChosen: boolean) =>
    onChange({
      url,
      kinds: WebhookEventKind.options.filter((one) => (one === kind ? isChosen : kinds.includes(one))),
    })
  const all = kinds.length === WebhookEventKind.options.length
  return (
    <>
      <TextField
        label="URL"
        type="url"
        placeholder="https://example.com/toygres"
        value={url}
        hint="It is sent a signed POST for each event, again and again until it takes it."
        error={url === '' ? undefined : wrongUrl}
        onChange={(event) => onChange({ url: event.target.value, kinds })}
        autoComplete="off"
        spellCheck={false}
        mono
      />
      <fieldset className="kinds">
        <legend>Events</legend>
        <label className="switch">
          <input
            type="checkbox"
            checked={all}
            onChange={() => onChange({ url, kinds: all ? [] : WebhookEventKind.options })}
          />
          All of them
        </label>
        {WebhookEventKind.options.map((kind) => (
          <label key={kind} className="switch">
            <input
              type="checkbox"
              checked={kinds.includes(kind)}
              onChange={(event) => choose(kind, event.target.checked)}
            />
            <span className="mono">{kind}</span>
          </label>
        ))}
      </fieldset>
    </>
  )
}
