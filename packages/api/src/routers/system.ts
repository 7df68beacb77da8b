import { SystemHealth, SystemStatus } from '@toygres/schema'
import { procedure, publicProcedure } from '../procedure.ts'
import { t } from '../trpc.ts'

export const system = t.router({
  health: publicProcedure.output(SystemHealth).query(({ ctx }) => ctx.controlPlane.system.health()),

  status: procedure('system:read')
    .output(SystemStatus)
    .query(({ ctx }) => ctx.controlPlane.system.status()),
})
