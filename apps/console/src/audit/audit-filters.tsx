import { X } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { Button } from '../ui/button.tsx'
import type { AuditSearch } from './audit-search.ts'

/** Both are looked for as they are, whole. */
export function AuditFilters({
  search: { by, about },
  nameOf,
  idOf,
  onChange,
}: {
  search: AuditSearch
  nameOf: (id: string) => string | undefined
  idOf: (name: string) => string | undefined
  onChange: (search: AuditSearch) => void
}) {
  const [who, setWho] = useState(by ?? '')
  const [what, setWhat] = useState((about && nameOf(about)) ?? about ?? '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const named = what.trim()
    onChange({ by: who.trim() || undefined, about: idOf(named) ?? (named || undefined) })
  }
  return (
    <search>
      <form className="filters" onSubmit={submit}>
        <div className="find">
          <input
            className="input plain-input"
            aria-label="By whom"
            placeholder="By: api-key:…"
            value={who}
            spellCheck={false}
            onChange={(event) => setWho(event.target.value)}
          />
        </div>
        <div className="find">
          <input
            className="input plain-input"
            aria-label="About what: the name of an instance, or an id"
            placeholder="About: an instance, or an id"
            value={what}
            spellCheck={false}
            onChange={(event) => setWhat(event.target.value)}
          />
        </div>
        <Button type="submit">Filter</Button>
        {(by !== undefined || about !== undefined) && (
          <Button look="quiet" onClick={() => onChange({ by: undefined, about: undefined })}>
            <X aria-hidden="true" />
            Show everything
          </Button>
        )}
      </form>
    </search>
  )
}
