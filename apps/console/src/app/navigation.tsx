import { Link, useRouterState, type LinkProps } from '@tanstack/react-router'
import {
  Activity,
  Database,
  GitCompareArrows,
  KeyRound,
  ListChecks,
  ScrollText,
  Search,
  Webhook,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { ProjectSwitcher } from '../projects/project-switcher.tsx'
import { MenuWhenWanted, menuIn } from '../ui/menu-when-wanted.tsx'
import { Sideways } from '../ui/sideways.tsx'
import { openPalette, paletteKeys } from './command-palette.tsx'
import { ConnectionLight } from './connection-notice.tsx'
import { Logo } from './logo.tsx'
import { may } from './session.ts'
import { UserFace } from './user-face.tsx'
import { useSession } from './use-session.ts'
import './navigation.css'

const userMenu = menuIn(() => import('./user-menu.tsx').then(({ UserMenu }) => UserMenu))

export function Navigation() {
  const session = useSession()
  const pathname = useRouterState({ select: ({ location }) => location.pathname })
  return (
    <header className="navigation">
      <Link to="/" className="brand" aria-label="Toygres: all instances">
        <Logo />
        <span>Toygres</span>
      </Link>
      <ProjectSwitcher />
      <button type="button" className="search" onClick={openPalette} aria-keyshortcuts="Control+K Meta+K">
        <Search aria-hidden="true" />
        <span>Search or jump to…</span>
        <kbd aria-hidden="true">{paletteKeys}</kbd>
      </button>
      <nav aria-label="Main">
        <Sideways showing={pathname}>
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
            {may(session, 'audit:read') && (
              <Item to="/audit" icon={<ScrollText aria-hidden="true" />}>
                Audit log
              </Item>
            )}
            {may(session, 'webhooks:read') && (
              <Item to="/webhooks" icon={<Webhook aria-hidden="true" />}>
                Webhooks
              </Item>
            )}
            {may(session, 'keys:read') && (
              <Item to="/keys" icon={<KeyRound aria-hidden="true" />}>
                API keys
              </Item>
            )}
            {may(session, 'system:read') && (
              <Item to="/system" icon={<Activity aria-hidden="true" />}>
                System
              </Item>
            )}
          </ul>
        </Sideways>
      </nav>
      <div className="foot">
        <ConnectionLight />
        <MenuWhenWanted {...userMenu} className="user">
          <UserFace />
        </MenuWhenWanted>
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
