import { appRouter } from '@toygres/api/router'
import { z } from 'zod'

export interface Procedure {
  readonly name: string
  readonly kind: 'query' | 'mutation' | 'subscription'
  readonly input: z.ZodType | null
  /** Of a subscription, one of its events. */
  readonly output: z.ZodType
}

/** Flat, by path, whatever its type says. */
const Procedures = z.record(
  z.string(),
  z.custom<{ _def: unknown }>((value) => typeof value === 'function'),
)

const Definition = z.looseObject({
  type: z.enum(['query', 'mutation', 'subscription']),
  inputs: z
    .array(z.instanceof(z.ZodType))
    .max(1, 'the generator expects one input schema for each procedure'),
  output: z.instanceof(z.ZodType),
})

/** Every procedure of the API, as its router has it. */
export function proceduresOfRouter(): Procedure[] {
  return Object.entries(Procedures.parse(appRouter._def.procedures))
    .map(([name, procedure]) => {
      const { type: kind, inputs, output } = Definition.parse(procedure._def)
      const event = kind === 'subscription' ? z.instanceof(z.ZodType).parse(output.meta()?.['event']) : null
      return { name, kind, input: inputs[0] ?? null, output: event ?? output }
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
