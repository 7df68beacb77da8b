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
  WorkflowGraph,
} from '@toygres/schema'
import { tracked } from '@trpc/server'
import { z } from 'zod'
import { followed } from '../followed.ts'
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
    .query(({ ctx, input }) => {
      const { operations } = ctx.controlPlane
      if (!input.waitSeconds) return operations.get(ctx.principal, input.id)
      const leaving = AbortSignal.any([ctx.signal, ctx.stopping])
      return ctx.streams.hold(ctx.principal.subject, () => operations.wait(ctx.principal, input, leaving))
    }),

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
      const follow = (leaving: AbortSignal) =>
        ctx.controlPlane.operations.watch(ctx.principal, input.id, {
          afterSeq: Number(input.lastEventId ?? 0),
          signal: leaving,
        })
      for await (const event of followed(ctx, signal, follow)) yield tracked(String(event.seq), event)
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
