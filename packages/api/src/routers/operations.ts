import { GetOperation, ListOperations, Operation, OperationEvent, OperationPage } from '@toygres/schema'
import { tracked } from '@trpc/server'
import { z } from 'zod'
import { procedure } from '../procedure.ts'
import { trackedStream } from '../tracked-stream.ts'
import { t } from '../trpc.ts'

/** `lastEventId` is the `seq` of the last event that the caller has; without it, all events are sent. */
const WatchOperation = GetOperation.extend({
  lastEventId: z
    .string()
    .regex(/^\d{1,15}$/, 'the id of an event is its seq')
    .optional(),
})

export const operations = t.router({
  get: procedure('operations:read')
    .input(GetOperation)
    .output(Operation)
    .query(({ ctx, input }) => ctx.controlPlane.operations.get(input.id)),

  list: procedure('operations:read')
    .input(ListOperations)
    .output(OperationPage)
    .query(({ ctx, input }) => ctx.controlPlane.operations.list(input)),

  watch: procedure('operations:read')
    .input(WatchOperation)
    .output(trackedStream(OperationEvent))
    .subscription(async function* ({ ctx, input, signal }) {
      if (signal === undefined) throw new Error('BUG: a stream without an end')
      using _slot = ctx.streams.take()
      const afterSeq = Number(input.lastEventId ?? 0)
      const events = ctx.controlPlane.operations.watch(input.id, { afterSeq, signal })
      for await (const event of events) yield tracked(String(event.seq), event)
    }),

  cancel: procedure('operations:write')
    .input(GetOperation)
    .output(Operation)
    .mutation(({ ctx, input }) => ctx.controlPlane.operations.cancel(ctx.principal, input.id)),
})
