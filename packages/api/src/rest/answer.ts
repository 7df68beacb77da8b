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

function headersOf({ type }: Endpoint, output: unknown): Record<string, string> {
  const operation = operationIn(output)
  const etag = etagIn(output)
  return {
    ...(type === 'mutation' && operation && { Location: `/operations/${operation.id}` }),
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

function etagIn(output: unknown): string | undefined {
  if (!isObject(output)) return undefined
  const { etag, instance } = output
  const found = etag ?? (isObject(instance) ? instance['etag'] : undefined)
  return typeof found === 'string' ? found : undefined
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const isOperation = (value: unknown): value is OperationLike =>
  isObject(value) &&
  typeof value['id'] === 'string' &&
  typeof value['workflow'] === 'string' &&
  typeof value['done'] === 'boolean'
