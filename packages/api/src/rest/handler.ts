import { ToygresError } from '@toygres/schema'
import { callTRPCProcedure } from '@trpc/server'
import type { Context } from '../context.ts'
import { logFailure } from '../log-call.ts'
import { appRouter } from '../router.ts'
import { answer } from './answer.ts'
import { eventStream } from './event-stream.ts'
import { readInput } from './input.ts'
import { findEndpoint, type Found } from './match.ts'
import { problem } from './problem.ts'

/** Answers a request to the REST API by the procedure that is at its path, through that procedure's own middleware. */
export async function handleRest(request: Request, context: Context): Promise<Response> {
  const { pathname } = new URL(request.url)
  const found = findEndpoint(request.method, pathname)
  if ('allowed' in found) return nothingThere(found.allowed, `${request.method} ${pathname}`, context)
  const { endpoint } = found
  const onError = (error: unknown) =>
    logFailure(context, { path: endpoint.procedure, type: endpoint.type }, error)
  try {
    if (endpoint.type !== 'subscription')
      return answer(endpoint, await call(request, found, context, request.signal))
    const open = (signal: AbortSignal): Promise<AsyncIterable<unknown>> =>
      call(request, found, context, signal)
    return await eventStream({ client: request.signal, open, onError })
  } catch (error) {
    onError(error)
    return problem(error, context.requestId, endpoint)
  }
}

/** What comes out is what the procedure declares: an `Endpoint` does not know its type. */
async function call<Output>(
  request: Request,
  found: Found,
  ctx: Context,
  signal: AbortSignal,
): Promise<Output> {
  const { procedure: path, type } = found.endpoint
  let input: Promise<object> | undefined
  // Read when the caller is known and permitted, and once.
  const getRawInput = () => (input ??= readInput(request, found))
  return callTRPCProcedure({ router: appRouter, path, type, ctx, getRawInput, signal, batchIndex: 0 })
}

function nothingThere(allowed: readonly string[], asked: string, { requestId }: Context): Response {
  if (allowed.length === 0)
    return problem(
      new ToygresError('NOT_FOUND', `there is nothing at ${asked}: see /docs for what there is`),
      requestId,
    )
  const methods = allowed.join(', ')
  const refusal = problem(
    new ToygresError('METHOD_NOT_ALLOWED', `${asked} is not offered: this path has ${methods}`),
    requestId,
  )
  refusal.headers.set('Allow', methods)
  return refusal
}
