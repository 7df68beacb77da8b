import { InstanceIdOrName, may, ToygresError, type Permission, type Principal } from '@toygres/schema'
import { z } from 'zod'
import type { Context } from './context.ts'
import { logSuccess } from './log-call.ts'
import { t } from './trpc.ts'

/** A call that anyone may make, without a key. */
export const publicProcedure = t.procedure.meta({ public: true }).use(async ({ ctx, path, type, next }) => {
  const result = await next()
  if (result.ok && ctx.news.isNews(path, result.data)) logSuccess(ctx, { path, type })
  return result
})

/** A call whose maker is known (`ctx.principal`) and has this permission. */
export function procedure(permission: Permission) {
  return t.procedure.meta({ permission }).use(async ({ ctx, path, type, next, getRawInput }) => {
    const principal = await ctx.authenticated()
    const { reads, writes } = ctx.limiters
    const limiter = type === 'mutation' ? writes : reads
    limiter.take(principal.subject)
    if (!may(principal, permission)) {
      if (permission === 'instances:connect') await noteRefusedReveal(ctx, principal, await getRawInput())
      const where = principal.system ? 'the role' : 'in a project the role'
      throw new ToygresError(
        'PERMISSION_DENIED',
        `this needs the permission ${permission}, which ${where} ${principal.role} does not have: use another API key`,
      )
    }
    const result = await next({ ctx: { principal } })
    if (result.ok) logSuccess(ctx, { path, type })
    return result
  })
}

const Asked = z.object({ id: InstanceIdOrName })

/** Who asks for passwords that are not theirs is worth knowing. */
async function noteRefusedReveal({ controlPlane }: Context, principal: Principal, input: unknown) {
  const resourceId = Asked.safeParse(input).data?.id ?? null
  const refusal = { action: 'instances.connection', resourceId, code: 'PERMISSION_DENIED' } as const
  await controlPlane.audit.refused(principal, refusal)
}
