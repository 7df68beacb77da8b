import { SystemActivity, SystemHealth, SystemStatus } from '@toygres/schema'
import { procedure, publicProcedure } from '../procedure.ts'
import { rest } from '../rest/route.ts'
import { t } from '../trpc.ts'

export const system = t.router({
  health: publicProcedure
    .meta(rest('GET /health', 'Say whether the control plane works'))
    .output(SystemHealth)
    .query(({ ctx }) => ctx.controlPlane.system.health()),

  status: procedure('system:read')
    .meta(rest('GET /status', 'Get the state of the control plane'))
    .output(SystemStatus)
    .query(({ ctx }) => ctx.controlPlane.system.status()),

  activity: procedure('system:read')
    .meta(rest('GET /status/activity', 'Get what the control planes are at'))
    .output(SystemActivity)
    .query(({ ctx }) => ctx.controlPlane.system.activity()),
})
