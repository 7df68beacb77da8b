import type { Endpoint } from './endpoints.ts'

/** Seconds after which an operation that runs is worth another look. */
const lookAgainSeconds = 1

/** The answer to a call that succeeded; `marks` are the headers of every answer. */
export function answer(
  endpoint: Endpoint,
  output: unknown,
  marks: Readonly<Record<string, string>>,
): Response {
  return new Response(JSON.stringify(output), {
    status: statusOf(endpoint, output),
    headers: { 'Content-Type': 'application/json', ...marks, ...headersOf(endpoint, output) },
  })
}

function statusOf({ type, status }: Endpoint, output: unknown): number {
  if (status !== undefined) return status
  // Load balancers look at nothing else.
  if (isObject(output) && output['status'] === 'unavailable') return 503
  return type === 'mutation' && operationIn(output) !== undefined ? 202 : 200
}

function headersOf(endpoint: Endpoint, output: unknown): Record<string, string> {
  const { type } = endpoint
  const operation = operationIn(output)
  const etag = etagIn(output)
  const location = type === 'mutation' && operation ? `/operations/${operation.id}` : madeAt(endpoint, output)
  return {
    ...(location !== undefined && { Location: location }),
    ...(operation?.done === false && { 'Retry-After': String(lookAgainSeconds) }),
    ...(etag !== undefined && { ETag: `"${etag}"` }),
  }
}

// Outputs have been checked by their procedures: this only tells them apart.

interface OperationLike {
  readonly id: string
  readonly done: boolean
}

function operationIn(output: unknown): OperationLike | undefined {
  if (!isObject(output)) return undefined
  const { operation } = output
  return isOperation(operation) ? operation : isOperation(output) ? output : undefined
}

/** Where to get what was made. */
function madeAt({ status, path }: Endpoint, output: unknown): string | undefined {
  if (status !== 201) return undefined
  const id = resourceIn(output)['id']
  if (typeof id !== 'string') throw new Error('BUG: what was made has no id')
  return `/${path.split('/')[1]}/${id}`
}

function etagIn(output: unknown): string | undefined {
  const { etag } = resourceIn(output)
  return typeof etag === 'string' ? etag : undefined
}

/** What an answer is about: itself, or what stands in it beside the operation or the secret. */
function resourceIn(output: unknown): Record<string, unknown> {
  if (!isObject(output)) return {}
  const { instance, webhook, key } = output
  return [instance, webhook, key].find(isObject) ?? output
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isOperation = (value: unknown): value is OperationLike =>
  isObject(value) &&
  typeof value['id'] === 'string' &&
  typeof value['workflow'] === 'string' &&
  typeof value['done'] === 'boolean'
