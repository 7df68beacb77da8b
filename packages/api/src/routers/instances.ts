import {
  Accepted,
  Connection,
  CreateInstance,
  DeleteInstance,
  GetInstance,
  Instance,
  InstancePage,
  ListInstances,
} from '@toygres/schema'
import { procedure } from '../procedure.ts'
import { t } from '../trpc.ts'

export const instances = t.router({
  create: procedure('instances:write')
    .input(CreateInstance)
    .output(Accepted)
    .mutation(({ ctx, input }) => ctx.controlPlane.instances.create(ctx.principal, input)),

  get: procedure('instances:read')
    .input(GetInstance)
    .output(Instance)
    .query(({ ctx, input }) => ctx.controlPlane.instances.get(input.id)),

  list: procedure('instances:read')
    .input(ListInstances)
    .output(InstancePage)
    .query(({ ctx, input }) => ctx.controlPlane.instances.list(input)),

  delete: procedure('instances:write')
    .input(DeleteInstance)
    .output(Accepted)
    .mutation(({ ctx, input }) => ctx.controlPlane.instances.delete(ctx.principal, input)),

  connection: procedure('instances:connect')
    .input(GetInstance)
    .output(Connection)
    .query(({ ctx, input }) => ctx.controlPlane.instances.connection(ctx.principal, input.id)),
})
