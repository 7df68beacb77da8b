import { z } from 'zod'
import { proceduresOfRouter, type Procedure } from './router.ts'
import { comment, quoted } from './text.ts'

export function renderProcedures(): string {
  const entries = proceduresOfRouter().map(
    (procedure) => `  ${quoted(procedure.name)}: ${quoted(manner(procedure))},`,
  )
  return `${comment(
    'How each procedure is called. A `query` reads; a `keyed` change takes an idempotency key, so that it is made once however often\nit is sent; a `change` takes none; a `stream` is watched.',
  )}
export const procedures = {
${entries.join('\n')}
} as const
`
}

function manner({ kind, input }: Procedure): 'query' | 'keyed' | 'change' | 'stream' {
  switch (kind) {
    case 'query':
      return 'query'
    case 'subscription':
      return 'stream'
    case 'mutation':
      return input instanceof z.ZodObject && 'idempotencyKey' in input.shape ? 'keyed' : 'change'
  }
}
