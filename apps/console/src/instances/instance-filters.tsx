import { Search } from 'lucide-react'
import { HealthStatus } from '@toygres/schema'
import type { InstanceListSearch } from './list-search.ts'

const states = ['creating', 'running', 'stopping', 'stopped', 'starting', 'deleting', 'failed'] as const

export function InstanceFilters({
  search,
  onChange,
  shown,
  all,
}: {
  search: InstanceListSearch
  onChange: (part: Partial<InstanceListSearch>) => void
  shown: number
  all: number
}) {
  const { q, state, health } = search
  return (
    <search className="filters">
      <div className="find">
        <Search aria-hidden="true" />
        <input
          type="search"
          className="input"
          aria-label="Search by name or id"
          placeholder="Search by name or id"
          value={q ?? ''}
          onChange={(event) => onChange({ q: event.target.value || undefined })}
        />
      </div>
      <select
        className="input"
        aria-label="State"
        value={state ?? ''}
        onChange={(event) => onChange({ state: states.find((one) => one === event.target.value) })}
      >
        <option value="">Any state</option>
        {states.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      <select
        className="input"
        aria-label="Health"
        value={health ?? ''}
        onChange={(event) =>
          onChange({ health: HealthStatus.options.find((one) => one === event.target.value) })
        }
      >
        <option value="">Any health</option>
        {HealthStatus.options.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
      <p className="faint number" role="status">
        {shown === all ? `${all} in all` : `${shown} of ${all}`}
      </p>
    </search>
  )
}
