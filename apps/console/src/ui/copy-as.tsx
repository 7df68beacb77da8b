import { useState } from 'react'
import { Choices } from './choices.tsx'
import './copy-as.css'
import type { CopyForm } from './copy-forms.ts'
import { CopyButton } from './copy-button.tsx'

/** The same thing in several forms, one at a time, to be taken along. */
export function CopyAs({
  title = 'The same elsewhere',
  forms,
}: {
  title?: string
  forms: readonly CopyForm[]
}) {
  const [name, setName] = useState(forms[0]?.name)
  const form = forms.find((one) => one.name === name) ?? forms[0]
  if (form === undefined) return null
  return (
    <section className="card copy-as" aria-label={title}>
      <div className="card-head">
        <h2>{title}</h2>
        <Choices
          label="Form"
          of={forms.map(({ name: value }) => ({ value, label: value }))}
          chosen={form.name}
          onChoose={setName}
        />
      </div>
      <Snippet text={form.text} />
    </section>
  )
}

export function Snippet({ text }: { text: string }) {
  return (
    <div className="snippet">
      <pre tabIndex={0} aria-label="Text to copy">
        {text}
      </pre>
      <CopyButton text={text} />
    </div>
  )
}
