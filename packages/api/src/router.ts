import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import { audit } from './routers/audit.ts'
import { drift } from './routers/drift.ts'
import { health } from './routers/health.ts'
import { instances } from './routers/instances.ts'
import { keys } from './routers/keys.ts'
import { operations } from './routers/operations.ts'
import { projects } from './routers/projects.ts'
import { system } from './routers/system.ts'
import { webhooks } from './routers/webhooks.ts'
import { t } from './trpc.ts'

export const appRouter = t.router({
  instances,
  operations,
  health,
  drift,
  keys,
  projects,
  webhooks,
  audit,
  system,
})

/** The API as a type: all that the SDK takes from here. */
export type AppRouter = typeof appRouter
export type ApiInputs = inferRouterInputs<AppRouter>
export type ApiOutputs = inferRouterOutputs<AppRouter>
export type { ApiErrorData, ApiErrorShape } from './error-shape.ts'
