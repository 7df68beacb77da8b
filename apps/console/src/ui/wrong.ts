import type { ZodError } from 'zod'
import { sentence } from './explain.ts'

/** What is wrong with a field of an input, as a sentence. */
export function wrongWith(error: ZodError | undefined, field: string): string | undefined {
  const issue = error?.issues.find(({ path }) => path[0] === field)
  return issue && sentence(issue.message)
}
