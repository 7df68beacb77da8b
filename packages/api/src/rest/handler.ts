import { ToygresError } from '@toygres/schema'
import { callTRPCProcedure } from '@trpc/server'
import type { Context } from '../context.ts'
import { logFailure } from '../log-call.ts'
import { appRouter } from '../router.ts'
import { answer } from './answer.ts'
import { eventStream } from './event-stream.ts'
import { readInput, type Asked } from './input.ts'
import { findEndpoint } from './match.ts'
import { problem, problemOf } from './problem.ts'

/** Answers a request to the REST API by the procedure that is at its path, through that procedure's own middleware. */
export async function handleRest(request: Request, context: Context): Promise<Response> {
  const url = new URL(request.url)
  const found = findEndpoint(request.method, url.pathname)
  if ('allowed' in found)
    return marked(nothingThere(found.allowed, `${request.method} ${url.pathname}`, context), context)
  const { endpoint } = found
  const asked = { request, query: url.searchParams, found }
  const onError = (error: unknown) =>
    logFailure(context, { path: endpoint.procedure, type: endpoint.type }, error)
  try {
    if (endpoint.type !== 'subscription')
      return answer(endpoint, await call(asked, context, request.signal), context.answerHeaders)
    const open = (signal: AbortSignal): Promise<AsyncIterable<unknown>> => call(asked, context, signal)
    const problemFor = (error: unknown) => {
      onError(error)
      return problemOf(error, context.requestId, endpoint)
    }
    const [times, onEnd] = [context.streamTimes, context.release]
    return marked(await eventStream({ client: request.signal, open, problemFor, times, onEnd }), context)
  } catch (error) {
    onError(error)
    return marked(problem(error, context.requestId, endpoint), context)
  }
}

/** What comes out is what the procedure declares: an `Endpoint` does not know its type. */
async function call<Output>(asked: Asked, ctx: Context, signal: AbortSignal): Promise<Output> {
  const { procedure: path, type } = asked.found.endpoint
  let input: Promise<object> | undefined
  // Read when the caller is known and permitted, and once.
  const getRawInput = () => (input ??= readInput(asked))
  return callTRPCProcedure({ router: appRouter, path, type, ctx, getRawInput, signal, batchIndex: 0 })
}

function marked(response: Response, { answerHeaders }: Context): Response {
  for (const [name, value] of Object.entries(answerHeaders)) response.headers.set(name, value)
  return response
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
