import { errorCatalog } from '@toygres/schema/errors'
import { comment, equals, union } from './text.ts'

export function renderErrors(): string {
  return `${comment('Why the API refuses a call. Stable: decide by it, not by the message.')}
export type ErrorCode ${equals(union(Object.keys(errorCatalog)))}
`
}
