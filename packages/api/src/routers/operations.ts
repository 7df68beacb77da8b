import {
  CancelOperation,
  GetOperation,
  ListOperationEvents,
  ListOperations,
  Operation,
  OperationEvent,
  OperationEventPage,
  OperationPage,
  RetryOperation,
  ToygresError,
  WorkflowGraph,
} from '@toygres/schema'
import { tracked } from '@trpc/server'
import { z } from 'zod'
import { procedure } from '../procedure.ts'
import { rest } from '../rest/route.ts'
import { trackedStream } from '../tracked-stream.ts'
import { t } from '../trpc.ts'

/** `lastEventId` is the `seq` of the last event that the caller has; without it, all events are sent. */
const WatchOperation = GetOperation.pick({ id: true }).extend({
  lastEventId: z
    .string()
    .regex(/^\d{1,9}$/, 'the id of an event is its seq')
    .optional(),
})

export const operations = t.router({
  get: procedure('operations:read')
    .meta(rest('GET /operations/{id}', 'Get an operation'))
    .input(GetOperation)
    .output(Operation)
    .query(({ ctx, input, signal = ctx.stopping }) =>
      input.waitSeconds
        ? ctx.controlPlane.operations.wait(ctx.principal, input, AbortSignal.any([signal, ctx.stopping]))
        : ctx.controlPlane.operations.get(ctx.principal, input.id),
    ),

  list: procedure('operations:read')
    .meta(rest('GET /operations', 'List operations'))
    .input(ListOperations)
    .output(OperationPage)
    .query(({ ctx, input }) => ctx.controlPlane.operations.list(ctx.principal, input)),

  events: procedure('operations:read')
    .meta(
      rest(
        'GET /events',
        'List what happened to operations: the newest operation first, and of each the newest event',
      ),
    )
    .input(ListOperationEvents)
    .output(OperationEventPage)
    .query(({ ctx, input }) => ctx.controlPlane.operations.events(ctx.principal, input)),

  graph: procedure('operations:read')
    .meta(rest('GET /operations/{id}/graph', 'Get the workflow of an operation as a graph'))
    .input(GetOperation)
    .output(WorkflowGraph)
    .query(({ ctx, input }) => ctx.controlPlane.operations.graph(ctx.principal, input.id)),

  watch: procedure('operations:read')
    .meta(rest('GET /operations/{id}/events', 'Follow the events of an operation'))
    .input(WatchOperation)
    .output(trackedStream(OperationEvent))
    .subscription(async function* ({ ctx, input, signal }) {
      if (signal === undefined) throw new Error('BUG: a stream without an end')
      const events = ctx.controlPlane.operations.watch(ctx.principal, input.id, {
        afterSeq: Number(input.lastEventId ?? 0),
        signal: AbortSignal.any([signal, ctx.stopping]),
      })
      for await (const event of ctx.streams.carry(ctx.principal.subject, events))
        yield tracked(String(event.seq), event)
      // Not an end that clients would take for the operation's: they connect again after this one.
      if (ctx.stopping.aborted)
        throw new ToygresError('UNAVAILABLE', 'the control plane is stopping: watch again in a while')
    }),

  cancel: procedure('operations:write')
    .meta(rest('POST /operations/{id}/cancel', 'Cancel an operation and undo it'))
    .input(CancelOperation)
    .output(Operation)
    .mutation(({ ctx, input }) => ctx.controlPlane.operations.cancel(ctx.principal, input)),

  retry: procedure('operations:write')
    .meta(rest('POST /operations/{id}/retry', 'Let an operation that stopped go on'))
    .input(RetryOperation)
    .output(Operation)
    .mutation(({ ctx, input }) => ctx.controlPlane.operations.retry(ctx.principal, input)),
})
