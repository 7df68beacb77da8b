import { InstanceIdOrName, may, ToygresError, type Permission, type Principal } from '@toygres/schema'
import { z } from 'zod'
import type { Context } from './context.ts'
import { logSuccess } from './log-call.ts'
import { t } from './trpc.ts'

const logged = t.procedure.use(async ({ ctx, path, type, next }) => {
  const result = await next()
  if (result.ok) logSuccess(ctx, { path, type })
  return result
})

/** A call that anyone may make, without a key. */
export const publicProcedure = logged.meta({ public: true })

/** A call whose maker is known (`ctx.principal`) and has this permission. */
export function procedure(permission: Permission) {
  return logged.meta({ permission }).use(async ({ ctx, type, next, getRawInput }) => {
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
    return next({ ctx: { principal } })
  })
}

const Asked = z.object({ id: InstanceIdOrName })

/** Who asks for passwords that are not theirs is worth knowing. */
async function noteRefusedReveal({ controlPlane }: Context, principal: Principal, input: unknown) {
  const resourceId = Asked.safeParse(input).data?.id ?? null
  const refusal = { action: 'instances.connection', resourceId, code: 'PERMISSION_DENIED' } as const
  await controlPlane.audit.refused(principal, refusal)
}
