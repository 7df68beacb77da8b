import { z } from 'zod'
import type { RestRoute } from '../meta.ts'
import { appRouter } from '../router.ts'

/** A procedure as REST sees it. */
export interface Endpoint extends RestRoute {
  /** Its path in the router: `instances.create`. */
  readonly procedure: string
  readonly type: 'query' | 'mutation' | 'subscription'
  /** What its caller must be permitted; undefined when anyone may call it. */
  readonly permission: string | undefined
  /** All that it takes, one object. */
  readonly input: z.ZodObject
  readonly output: z.ZodType
}

/** What tRPC keeps of a procedure's declaration, whatever its type says. */
const Declared = z.object({
  type: z.enum(['query', 'mutation', 'subscription']),
  meta: z.object({ permission: z.string().optional(), rest: z.custom<RestRoute>().optional() }),
  inputs: z.array(z.instanceof(z.ZodObject)),
  output: z.instanceof(z.ZodType),
})

// oxlint-disable no-underscore-dangle -- where tRPC keeps what was declared
const Procedures = z.record(
  z.string(),
  z.custom<{ _def: unknown }>((value) => typeof value === 'function'),
)

/** Every procedure that has a place in the REST API, in the order of the router. */
export const endpoints: readonly Endpoint[] = Object.entries(
  Procedures.parse(appRouter._def.procedures),
).flatMap(([procedure, { _def }]) => {
  const { type, meta, inputs, output } = Declared.parse(_def)
  if (meta.rest === undefined) return []
  const [first = z.object(), ...others] = inputs
  const input = others.reduce((all, one) => z.object({ ...all.shape, ...one.shape }), first)
  return [{ ...meta.rest, procedure, type, permission: meta.permission, input, output }]
})
