import { AuditPage, ListAudit } from '@toygres/schema'
import { procedure } from '../procedure.ts'
import { rest } from '../rest/route.ts'
import { t } from '../trpc.ts'

export const audit = t.router({
  list: procedure('audit:read')
    .meta(rest('GET /audit', 'List who did what'))
    .input(ListAudit)
    .output(AuditPage)
    .query(({ ctx, input }) => ctx.controlPlane.audit.list(ctx.principal, input)),
})
