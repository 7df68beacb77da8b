import { Link, type LinkProps } from '@tanstack/react-router'
import { Activity, Database, GitCompareArrows, KeyRound, ListChecks, Search } from 'lucide-react'
import { lazy, Suspense, type ReactNode } from 'react'
import { openPalette, paletteKeys } from './command-palette.tsx'
import { ConnectionLight } from './connection-notice.tsx'
import { Logo } from './logo.tsx'
import { may } from './session.ts'
import { useSession } from './use-session.ts'
import './navigation.css'

/** What it is made of is large, and nobody opens a menu before they have seen the page. */
const UserMenu = lazy(() => import('./user-menu.tsx').then(({ UserMenu }) => ({ default: UserMenu })))

export function Navigation() {
  return (
    <header className="navigation">
      <Link to="/" className="brand" aria-label="Toygres: all instances">
        <Logo />
        <span>Toygres</span>
      </Link>
      <button type="button" className="search" onClick={openPalette} aria-keyshortcuts="Control+K Meta+K">
        <Search aria-hidden="true" />
        <span>Search or jump to…</span>
        <kbd aria-hidden="true">{paletteKeys}</kbd>
      </button>
      <nav aria-label="Main">
        <ul>
          <Item to="/" icon={<Database aria-hidden="true" />} exact>
            Instances
          </Item>
          <Item to="/operations" icon={<ListChecks aria-hidden="true" />}>
            Operations
          </Item>
          <Item to="/drift" icon={<GitCompareArrows aria-hidden="true" />}>
            Drift
          </Item>
          <Item to="/system" icon={<Activity aria-hidden="true" />}>
            System
          </Item>
          {may(useSession(), 'keys:read') && (
            <Item to="/keys" icon={<KeyRound aria-hidden="true" />}>
              API keys
            </Item>
          )}
        </ul>
      </nav>
      <div className="foot">
        <ConnectionLight />
        <Suspense fallback={<div className="user" aria-hidden="true" />}>
          <UserMenu />
        </Suspense>
      </div>
    </header>
  )
}

function Item({
  to,
  icon,
  exact = false,
  children,
}: {
  to: NonNullable<LinkProps['to']>
  icon: ReactNode
  exact?: boolean
  children: ReactNode
}) {
  return (
    <li>
      <Link to={to} activeOptions={{ exact, includeSearch: false }} activeProps={{ className: 'active' }}>
        {icon}
        <span>{children}</span>
      </Link>
    </li>
  )
}
