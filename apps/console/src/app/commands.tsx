import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import {
  Activity,
  Database,
  FolderKanban,
  GitCompareArrows,
  KeyRound,
  ListChecks,
  LogOut,
  Moon,
  Plus,
  ScrollText,
  Sun,
  SunMoon,
  Webhook,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { instancesQuery } from '../live/queries.ts'
import { projectsQuery } from '../projects/queries.ts'
import { useAllPageActions } from './page-actions.ts'
import { goToProject } from './project.ts'
import { may } from './session.ts'
import { chooseTheme } from './theme.ts'
import { useSession } from './use-session.ts'
import { useSignOut } from './use-sign-out.ts'

export interface Command {
  readonly id: string
  readonly label: string
  readonly icon: ReactNode
  readonly note?: string
  /** Other words that it is found by. */
  readonly also?: string
  readonly run: () => void
}

export interface CommandGroup {
  readonly value: string
  readonly items: Command[]
}

/** More than anybody reads: what is typed finds the others. */
const mostInstances = 50

export function useCommands(text: string): CommandGroup[] {
  const navigate = useNavigate()
  const session = useSession()
  const signOut = useSignOut()
  const { data: instances = [] } = useQuery(instancesQuery)
  const { data: projects = [] } = useQuery(projectsQuery)
  const here: Command[] = useAllPageActions().map((action) => ({ ...action, id: `here ${action.label}` }))
  const wanted = text.trim().toLowerCase()

  const pages: Command[] = [
    { id: 'instances', label: 'Instances', icon: <Database />, run: () => void navigate({ to: '/' }) },
    {
      id: 'operations',
      label: 'Operations',
      icon: <ListChecks />,
      run: () => void navigate({ to: '/operations' }),
    },
    { id: 'drift', label: 'Drift', icon: <GitCompareArrows />, run: () => void navigate({ to: '/drift' }) },
    {
      id: 'projects',
      label: 'Projects',
      icon: <FolderKanban />,
      run: () => void navigate({ to: '/projects' }),
    },
    ...(may(session, 'audit:read')
      ? [
          {
            id: 'audit',
            label: 'Audit log',
            icon: <ScrollText />,
            run: () => void navigate({ to: '/audit' }),
          },
        ]
      : []),
    ...(may(session, 'webhooks:read')
      ? [
          {
            id: 'webhooks',
            label: 'Webhooks',
            icon: <Webhook />,
            run: () => void navigate({ to: '/webhooks' }),
          },
        ]
      : []),
    ...(may(session, 'keys:read')
      ? [{ id: 'keys', label: 'API keys', icon: <KeyRound />, run: () => void navigate({ to: '/keys' }) }]
      : []),
    ...(may(session, 'system:read')
      ? [{ id: 'status', label: 'System', icon: <Activity />, run: () => void navigate({ to: '/system' }) }]
      : []),
  ]
  const found: Command[] = instances
    .filter(({ name }) => name.includes(wanted))
    .slice(0, mostInstances)
    .map(({ id, name, state }) => ({
      id,
      label: name,
      icon: <Database />,
      note: state,
      run: () => void navigate({ to: '/instances/$instance', params: { instance: name } }),
    }))
  const others: Command[] =
    projects.length < 2
      ? []
      : projects.map(({ id, name }) => ({
          id: `project ${id}`,
          label: `Go to the project ${name}`,
          icon: <FolderKanban />,
          also: 'switch tenant',
          run: () => goToProject(name),
        }))
  const create: Command = {
    id: 'create',
    label: 'New instance',
    icon: <Plus />,
    also: 'create add',
    run: () => void navigate({ to: '/instances/new' }),
  }
  const making = [
    { what: 'webhook', to: '/webhooks', needs: 'webhooks:write', icon: <Webhook /> },
    { what: 'API key', to: '/keys', needs: 'keys:write', icon: <KeyRound /> },
    { what: 'project', to: '/projects', needs: 'projects:write', icon: <FolderKanban /> },
  ] as const
  const actions: Command[] = [
    ...(may(session, 'instances:write') ? [create] : []),
    ...making
      .filter(({ needs }) => may(session, needs))
      .map(({ what, to, icon }) => ({
        id: `new ${what}`,
        label: `New ${what}`,
        icon,
        also: 'create add',
        run: () => void navigate({ to, search: { new: true } }),
      })),
    { id: 'light', label: 'Light theme', icon: <Sun />, run: () => chooseTheme('light') },
    { id: 'dark', label: 'Dark theme', icon: <Moon />, run: () => chooseTheme('dark') },
    { id: 'system', label: 'Theme of the system', icon: <SunMoon />, run: () => chooseTheme('system') },
    { id: 'sign-out', label: 'Sign out', icon: <LogOut />, also: 'log out leave', run: signOut },
  ]
  return [
    { value: 'This page', items: here },
    { value: 'Instances', items: found },
    { value: 'Pages', items: pages },
    { value: 'Projects', items: others },
    { value: 'Actions', items: actions },
  ].filter(({ items }) => items.length > 0)
}
