import { Link, type LinkProps } from '@tanstack/react-router'
import './tabs.css'

export interface Tab {
  readonly label: string
  readonly to: NonNullable<LinkProps['to']>
  readonly exact?: boolean
}

/** The parts of a page, each with an address of its own. */
export function Tabs({ label, tabs, params }: { label: string; tabs: readonly Tab[]; params?: object }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ label: name, to, exact = false }) => (
        <Link
          key={to}
          to={to}
          {...(params && { params: params as never })}
          activeOptions={{ exact, includeSearch: false }}
          activeProps={{ className: 'active' }}
          resetScroll={false}
        >
          {name}
        </Link>
      ))}
    </nav>
  )
}
