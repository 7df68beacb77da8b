import './choices.css'

export interface Choice<Value extends string> {
  readonly value: Value
  readonly label: string
}

/** A few things of which one is chosen, side by side. */
export function Choices<Value extends string>({
  label,
  of,
  chosen,
  onChoose,
}: {
  label: string
  of: readonly Choice<Value>[]
  chosen: Value | undefined
  onChoose: (value: Value) => void
}) {
  return (
    <div className="choices" role="group" aria-label={label}>
      {of.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === chosen}
          onClick={() => onChoose(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </div>
  )
}
