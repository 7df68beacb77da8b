import {
  ConfigureHealth,
  GetHealthHistory,
  GetInstance,
  Health,
  HealthEventPage,
  HealthHistory,
  ListHealthEvents,
} from '@toygres/schema'
import { procedure } from '../procedure.ts'
import { t } from '../trpc.ts'

export const health = t.router({
  get: procedure('instances:read')
    .input(GetInstance)
    .output(Health)
    .query(({ ctx, input }) => ctx.controlPlane.health.get(ctx.principal, input.id)),

  configure: procedure('instances:write')
    .input(ConfigureHealth)
    .output(Health)
    .mutation(({ ctx, input }) => ctx.controlPlane.health.configure(ctx.principal, input)),

  history: procedure('instances:read')
    .input(GetHealthHistory)
    .output(HealthHistory)
    .query(({ ctx, input }) => ctx.controlPlane.health.history(ctx.principal, input)),

  events: procedure('instances:read')
    .input(ListHealthEvents)
    .output(HealthEventPage)
    .query(({ ctx, input }) => ctx.controlPlane.health.events(ctx.principal, input)),
})
