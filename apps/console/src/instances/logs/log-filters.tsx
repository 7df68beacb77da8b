import { Search } from 'lucide-react'
import type { ReactNode } from 'react'
import '../instances-page.css'
import type { LogLevel } from './log-level.ts'
import type { LogFilter } from './log-lines.ts'

const levels: Record<LogLevel, string> = {
  info: 'Everything',
  warning: 'Warnings and errors',
  error: 'Errors',
}
const names = Object.keys(levels) as LogLevel[]

export function LogFilters({
  filter,
  onChange,
  children,
}: {
  filter: LogFilter
  onChange: (filter: LogFilter) => void
  children: ReactNode
}) {
  return (
    <search className="filters">
      <div className="find">
        <Search aria-hidden="true" />
        <input
          type="search"
          className="input"
          aria-label="Search the log"
          placeholder="Search the log"
          value={filter.text}
          onChange={(event) => onChange({ ...filter, text: event.target.value })}
        />
      </div>
      <select
        className="input"
        aria-label="Level"
        value={filter.least}
        onChange={(event) =>
          onChange({ ...filter, least: names.find((one) => one === event.target.value) ?? 'info' })
        }
      >
        {names.map((one) => (
          <option key={one} value={one}>
            {levels[one]}
          </option>
        ))}
      </select>
      {children}
    </search>
  )
}
