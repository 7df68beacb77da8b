import { DriftPage, ListDrift } from '@toygres/schema'
import { procedure } from '../procedure.ts'
import { rest } from '../rest/route.ts'
import { t } from '../trpc.ts'

export const drift = t.router({
  list: procedure('instances:read')
    .meta(rest('GET /drift', 'List what is not as it should be'))
    .input(ListDrift)
    .output(DriftPage)
    .query(({ ctx, input }) => ctx.controlPlane.drift.list(ctx.principal, input)),
})
