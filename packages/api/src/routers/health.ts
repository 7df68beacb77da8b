import {
  ConfigureHealth,
  GetHealthHistory,
  GetInstance,
  Health,
  HealthEventPage,
  HealthHistory,
  HealthPage,
  ListHealth,
  ListHealthEvents,
} from '@toygres/schema'
import { procedure } from '../procedure.ts'
import { rest } from '../rest/route.ts'
import { t } from '../trpc.ts'

export const health = t.router({
  get: procedure('instances:read')
    .meta(rest('GET /instances/{id}/health', 'Get the health of an instance'))
    .input(GetInstance)
    .output(Health)
    .query(({ ctx, input }) => ctx.controlPlane.health.get(ctx.principal, input.id)),

  list: procedure('instances:read')
    .meta(rest('GET /instance-health', 'List the health of all instances'))
    .input(ListHealth)
    .output(HealthPage)
    .query(({ ctx, input }) => ctx.controlPlane.health.list(ctx.principal, input)),

  configure: procedure('instances:write')
    .meta(rest('PATCH /instances/{id}/health', 'Set how often an instance is checked'))
    .input(ConfigureHealth)
    .output(Health)
    .mutation(({ ctx, input }) => ctx.controlPlane.health.configure(ctx.principal, input)),

  history: procedure('instances:read')
    .meta(rest('GET /instances/{id}/health/history', 'Get how healthy an instance was'))
    .input(GetHealthHistory)
    .output(HealthHistory)
    .query(({ ctx, input }) => ctx.controlPlane.health.history(ctx.principal, input)),

  events: procedure('instances:read')
    .meta(rest('GET /instances/{id}/health/events', 'List when and why the health of an instance changed'))
    .input(ListHealthEvents)
    .output(HealthEventPage)
    .query(({ ctx, input }) => ctx.controlPlane.health.events(ctx.principal, input)),
})
