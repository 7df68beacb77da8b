import {
  Accepted,
  BulkAccepted,
  Connection,
  CreateInstance,
  CreateInstances,
  DeleteInstance,
  DeleteInstances,
  GetInstance,
  Instance,
  InstanceChange,
  InstancePage,
  ListInstances,
  LogLine,
  Planned,
  ReadLogs,
  StartInstance,
  StopInstance,
  UpdateInstance,
  Updated,
} from '@toygres/schema'
import { tracked } from '@trpc/server'
import { z } from 'zod'
import { followed } from '../followed.ts'
import { procedure } from '../procedure.ts'
import { rest } from '../rest/route.ts'
import { trackedStream } from '../tracked-stream.ts'
import { t } from '../trpc.ts'

/** `lastEventId` is that of the last change that the caller was told; without it, the stream begins with a `reset`. */
const WatchInstances = z.object({
  lastEventId: z
    .string()
    .regex(/^[0-9a-f-]{36}\.\d{1,15}$/, 'the id of a change is as it was told')
    .optional(),
})

export const instances = t.router({
  create: procedure('instances:write')
    .meta(rest('POST /instances', 'Create an instance'))
    .input(CreateInstance)
    .output(z.union([Accepted, Planned]))
    .mutation(async ({ ctx, input: { validateOnly, ...request } }) =>
      validateOnly
        ? { plan: await ctx.controlPlane.instances.planCreate(ctx.principal, request) }
        : ctx.controlPlane.instances.create(ctx.principal, request),
    ),

  get: procedure('instances:read')
    .meta(rest('GET /instances/{id}', 'Get an instance'))
    .input(GetInstance)
    .output(Instance)
    .query(({ ctx, input }) => ctx.controlPlane.instances.get(ctx.principal, input.id)),

  list: procedure('instances:read')
    .meta(rest('GET /instances', 'List instances'))
    .input(ListInstances)
    .output(InstancePage)
    .query(({ ctx, input }) => ctx.controlPlane.instances.list(ctx.principal, input)),

  update: procedure('instances:write')
    .meta(rest('PATCH /instances/{id}', 'Change the settings of an instance'))
    .input(UpdateInstance)
    .output(z.union([Updated, Planned]))
    .mutation(async ({ ctx, input: { validateOnly, ...request } }) =>
      validateOnly
        ? { plan: await ctx.controlPlane.instances.planUpdate(ctx.principal, request) }
        : ctx.controlPlane.instances.update(ctx.principal, request),
    ),

  watch: procedure('instances:read')
    .meta(rest('GET /instance-changes', 'Follow the changes of all instances'))
    .input(WatchInstances)
    .output(trackedStream(InstanceChange))
    .subscription(async function* ({ ctx, input, signal }) {
      const follow = (leaving: AbortSignal) =>
        ctx.controlPlane.instances.watch(ctx.principal, { after: input.lastEventId, signal: leaving })
      for await (const change of followed(ctx, signal, follow)) yield tracked(change.position, change)
    }),

  delete: procedure('instances:write')
    .meta(rest('DELETE /instances/{id}', 'Delete an instance and its data'))
    .input(DeleteInstance)
    .output(z.union([Accepted, Planned]))
    .mutation(async ({ ctx, input: { validateOnly, ...request } }) =>
      validateOnly
        ? { plan: await ctx.controlPlane.instances.planDelete(ctx.principal, request) }
        : ctx.controlPlane.instances.delete(ctx.principal, request),
    ),

  stop: procedure('instances:write')
    .meta(rest('POST /instances/{id}/stop', 'Stop the server of an instance, which keeps its data'))
    .input(StopInstance)
    .output(z.union([Updated, Planned]))
    .mutation(async ({ ctx, input: { validateOnly, ...request } }) =>
      validateOnly
        ? { plan: await ctx.controlPlane.instances.planStop(ctx.principal, request) }
        : ctx.controlPlane.instances.stop(ctx.principal, request),
    ),

  start: procedure('instances:write')
    .meta(rest('POST /instances/{id}/start', 'Start the server of a stopped instance'))
    .input(StartInstance)
    .output(z.union([Updated, Planned]))
    .mutation(async ({ ctx, input: { validateOnly, ...request } }) =>
      validateOnly
        ? { plan: await ctx.controlPlane.instances.planStart(ctx.principal, request) }
        : ctx.controlPlane.instances.start(ctx.principal, request),
    ),

  logs: procedure('instances:read')
    .meta(rest('GET /instances/{id}/logs', 'Read and follow the log of an instance'))
    .input(ReadLogs)
    .output(trackedStream(LogLine))
    .subscription(async function* ({ ctx, input, signal }) {
      const follow = (leaving: AbortSignal) => ctx.controlPlane.instances.logs(ctx.principal, input, leaving)
      for await (const line of followed(ctx, signal, follow)) yield tracked(line.position, line)
    }),

  createMany: procedure('instances:write')
    .meta(rest('POST /instances/create-many', 'Create up to 500 instances', { status: 202 }))
    .input(CreateInstances)
    .output(BulkAccepted)
    .mutation(({ ctx, input }) => ctx.controlPlane.instances.createMany(ctx.principal, input)),

  deleteMany: procedure('instances:write')
    .meta(rest('POST /instances/delete-many', 'Delete up to 500 instances', { status: 202 }))
    .input(DeleteInstances)
    .output(BulkAccepted)
    .mutation(({ ctx, input }) => ctx.controlPlane.instances.deleteMany(ctx.principal, input)),

  connection: procedure('instances:connect')
    .meta(rest('GET /instances/{id}/connection', 'Reveal how to log in to an instance'))
    .input(GetInstance)
    .output(Connection)
    .query(({ ctx, input }) => ctx.controlPlane.instances.connection(ctx.principal, input.id)),
})
