import {
  createRootRoute,
  createRoute,
  createRouter,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router'
import { AuditSearch } from '../audit/audit-search.ts'
import { InstancesPage } from '../instances/instances-page.tsx'
import { InstanceListSearch } from '../instances/list-search.ts'
import { OperationListSearch } from '../operations/list-search.ts'
import { page } from './lazy-page.ts'
import { NewSearch } from './new-search.ts'
import { NotFound } from './not-found.tsx'
import { PageFailed } from './page-failed.tsx'
import { project, ProjectSearch } from './project.ts'
import { queryClient } from './query-client.ts'
import { sessionQuery } from './session.ts'
import { Shell } from './shell.tsx'
import { SignInPage, SignInSearch } from './sign-in-page.tsx'

const root = createRootRoute({
  validateSearch: ProjectSearch,
  search: { middlewares: [retainSearchParams(['project'])] },
})

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: SignInSearch,
  component: SignInPage,
})

/** Everything that only those who are signed in see. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery)
    // oxlint-disable-next-line typescript/only-throw-error -- the router's way to go elsewhere
    if (session === null) throw redirect({ to: '/sign-in', search: { to: location.href, project } })
  },
})

const instances = createRoute({
  getParentRoute: () => shell,
  path: '/',
  validateSearch: InstanceListSearch,
  component: InstancesPage,
})
const newInstance = createRoute({
  getParentRoute: () => shell,
  path: '/instances/new',
  component: page(() => import('../instances/new-instance-page.tsx'), 'NewInstancePage'),
})
const instance = createRoute({
  getParentRoute: () => shell,
  path: '/instances/$instance',
  component: page(() => import('../instances/instance-layout.tsx'), 'InstanceLayout'),
})
const instanceTabs = [
  createRoute({
    getParentRoute: () => instance,
    path: '/',
    component: page(() => import('../instances/overview-tab.tsx'), 'OverviewTab'),
  }),
  createRoute({
    getParentRoute: () => instance,
    path: '/health',
    component: page(() => import('../instances/health/health-tab.tsx'), 'HealthTab'),
  }),
  createRoute({
    getParentRoute: () => instance,
    path: '/operations',
    component: page(() => import('../instances/operations-tab.tsx'), 'OperationsTab'),
  }),
  createRoute({
    getParentRoute: () => instance,
    path: '/events',
    component: page(() => import('../instances/events/events-tab.tsx'), 'EventsTab'),
  }),
  createRoute({
    getParentRoute: () => instance,
    path: '/logs',
    component: page(() => import('../instances/logs/logs-tab.tsx'), 'LogsTab'),
  }),
  createRoute({
    getParentRoute: () => instance,
    path: '/settings',
    component: page(() => import('../instances/settings/settings-tab.tsx'), 'SettingsTab'),
  }),
] as const

const operations = createRoute({
  getParentRoute: () => shell,
  path: '/operations',
  validateSearch: OperationListSearch,
  component: page(() => import('../operations/operations-page.tsx'), 'OperationsPage'),
})
const operation = createRoute({
  getParentRoute: () => shell,
  path: '/operations/$operation',
  component: page(() => import('../operations/operation-page.tsx'), 'OperationPage'),
})
const system = createRoute({
  getParentRoute: () => shell,
  path: '/system',
  component: page(() => import('../system/system-page.tsx'), 'SystemPage'),
})
const drift = createRoute({
  getParentRoute: () => shell,
  path: '/drift',
  component: page(() => import('../system/drift-page.tsx'), 'DriftPage'),
})
const keys = createRoute({
  getParentRoute: () => shell,
  path: '/keys',
  validateSearch: NewSearch,
  component: page(() => import('../system/keys-page.tsx'), 'KeysPage'),
})
const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  validateSearch: AuditSearch,
  component: page(() => import('../audit/audit-page.tsx'), 'AuditPage'),
})
const webhooks = createRoute({
  getParentRoute: () => shell,
  path: '/webhooks',
  validateSearch: NewSearch,
  component: page(() => import('../webhooks/webhooks-page.tsx'), 'WebhooksPage'),
})
const webhook = createRoute({
  getParentRoute: () => shell,
  path: '/webhooks/$webhook',
  component: page(() => import('../webhooks/webhook-page.tsx'), 'WebhookPage'),
})
const projects = createRoute({
  getParentRoute: () => shell,
  path: '/projects',
  validateSearch: NewSearch,
  component: page(() => import('../projects/projects-page.tsx'), 'ProjectsPage'),
})
/** With the way to everywhere else beside it. */
const nowhere = createRoute({ getParentRoute: () => shell, path: '$', component: NotFound })

export const router = createRouter({
  basepath: '/console',
  routeTree: root.addChildren([
    signIn,
    shell.addChildren([
      instances,
      newInstance,
      instance.addChildren(instanceTabs),
      operations,
      operation,
      system,
      drift,
      keys,
      audit,
      webhooks,
      webhook,
      projects,
      nowhere,
    ]),
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: PageFailed,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
