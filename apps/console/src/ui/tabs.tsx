import { Link, useRouterState, type LinkProps } from '@tanstack/react-router'
import { Sideways } from './sideways.tsx'
import './tabs.css'

export interface Tab {
  readonly label: string
  readonly to: NonNullable<LinkProps['to']>
  readonly exact?: boolean
}

/** The parts of a page, each with an address of its own. */
export function Tabs({ label, tabs, params }: { label: string; tabs: readonly Tab[]; params?: object }) {
  const pathname = useRouterState({ select: ({ location }) => location.pathname })
  return (
    <nav className="tabs" aria-label={label}>
      <Sideways showing={pathname}>
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
      </Sideways>
    </nav>
  )
}
