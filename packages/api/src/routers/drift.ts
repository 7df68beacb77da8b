import { DriftPage, ListDrift } from '@toygres/schema'
import { procedure } from '../procedure.ts'
import { t } from '../trpc.ts'

export const drift = t.router({
  list: procedure('instances:read')
    .input(ListDrift)
    .output(DriftPage)
    .query(({ ctx, input }) => ctx.controlPlane.drift.list(ctx.principal, input)),
})
