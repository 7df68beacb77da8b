import { z } from 'zod'
import type { Endpoint } from './endpoints.ts'

/** Seconds after which an operation that runs is worth another look. */
const lookAgainSeconds = 1

// Outputs have been checked by their procedures: this only tells them apart.
const OperationLike = z.object({ id: z.string(), workflow: z.string(), done: z.boolean() })
const Starting = z.object({ operation: OperationLike })
const Tagged = z.object({ etag: z.string() })
const AboutInstance = z.object({ instance: Tagged })
const NotWell = z.object({ status: z.literal('unavailable') })

/** The answer to a call that succeeded. */
export function answer(endpoint: Endpoint, output: unknown): Response {
  return new Response(JSON.stringify(output), {
    status: statusOf(endpoint, output),
    headers: { 'Content-Type': 'application/json', ...headersOf(endpoint, output) },
  })
}

function statusOf({ type, status }: Endpoint, output: unknown): number {
  if (status !== undefined) return status
  // Load balancers look at nothing else.
  if (NotWell.safeParse(output).success) return 503
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

function operationIn(output: unknown): z.infer<typeof OperationLike> | undefined {
  return Starting.safeParse(output).data?.operation ?? OperationLike.safeParse(output).data
}

function etagIn(output: unknown): string | undefined {
  return Tagged.safeParse(output).data?.etag ?? AboutInstance.safeParse(output).data?.instance.etag
}
