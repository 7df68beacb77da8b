import { may, ToygresError, type Permission } from '@toygres/schema'
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
  return logged.meta({ permission }).use(async ({ ctx, next }) => {
    const principal = await ctx.authenticated()
    if (!may(principal, permission))
      throw new ToygresError(
        'PERMISSION_DENIED',
        `this needs the permission ${permission}, which ${principal.system ? '' : `in a project `}the role ${principal.role} does not have: use another API key`,
      )
    return next({ ctx: { principal } })
  })
}
