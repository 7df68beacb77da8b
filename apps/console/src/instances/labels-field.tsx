import { useId } from 'react'

/** Labels as people type them. */
export function LabelsField({
  value,
  error,
  onChange,
}: {
  value: string
  error: string | undefined
  onChange: (value: string) => void
}) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>Labels</label>
      <textarea
        id={id}
        className="mono"
        rows={4}
        value={value}
        spellCheck={false}
        placeholder={'team=payments\nenvironment=staging'}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-more`}
        onChange={(event) => onChange(event.target.value)}
      />
      <p id={`${id}-more`} className={error ? 'hint wrong' : 'hint'} aria-live="polite">
        {error ?? 'One a line, as name=value. For yourselves: Toygres decides nothing by them.'}
      </p>
    </div>
  )
}
