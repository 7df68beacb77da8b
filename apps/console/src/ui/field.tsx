import { useId, type ComponentProps, type ReactNode } from 'react'
import './field.css'

interface FieldProps {
  label: ReactNode
  hint?: ReactNode
  /** What is wrong with it now. */
  error?: string | undefined
}

export interface TextFieldProps extends FieldProps, Omit<ComponentProps<'input'>, 'id'> {
  mono?: boolean
}

export function TextField({ label, hint, error, mono = false, ...input }: TextFieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        className={mono ? 'mono' : ''}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-more`}
      />
      <More id={`${id}-more`} hint={hint} error={error} />
    </div>
  )
}

export interface SelectFieldProps extends FieldProps, Omit<ComponentProps<'select'>, 'id'> {}

export function SelectField({ label, hint, error, ...select }: SelectFieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select {...select} id={id} aria-invalid={error !== undefined} aria-describedby={`${id}-more`} />
      <More id={`${id}-more`} hint={hint} error={error} />
    </div>
  )
}

/** What is wrong, in place of the hint; read out when it comes up. */
function More({ id, hint, error }: { id: string; hint: ReactNode; error: string | undefined }) {
  return (
    <p id={id} className={error === undefined ? 'hint' : 'hint wrong'} aria-live="polite">
      {error ?? hint}
    </p>
  )
}
