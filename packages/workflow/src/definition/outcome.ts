import { z } from 'zod'

/** Characters that are kept of what a step says of itself. */
const longestMessage = 1000

/** A step asks to run again: not an attempt, and a wake-up brings it forward. */
export class Again {
  readonly afterMs: number
  readonly because: string
  readonly progress: string | undefined

  constructor(options: { after: number; because: string; progress?: string }) {
    this.afterMs = options.after
    this.because = options.because.slice(0, longestMessage)
    this.progress = options.progress?.slice(0, longestMessage)
  }
}

/**
 * Ends a step's execution without a result: the same step runs again `after` milliseconds, or sooner when woken.
 * `because` is what operators read; a deadline starts anew whenever `progress` differs from the last one.
 */
export const again = (options: { after: number; because: string; progress?: string }): Again =>
  new Again(options)

/** Trying again cannot help: the step fails at once. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError'
  readonly permanent = true
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** An error as it is kept: bounded, without stack, safe to show. */
export interface StepError {
  code: string
  message: string
}

export interface FailedOutcome {
  readonly kind: 'error'
  readonly error: StepError
  readonly permanent: boolean
}

/** How one execution of a step, or of its undo, ended. */
export type Outcome =
  | { readonly kind: 'output'; readonly output: unknown }
  | { readonly kind: 'again'; readonly again: Again }
  | FailedOutcome
  /** Nothing was run: the operation was found to be cancelled before. */
  | { readonly kind: 'cancelled' }
  /** Nothing can be run by this process: the operation waits for a person. */
  | { readonly kind: 'park'; readonly error: StepError }

const coded = z.object({ code: z.string().regex(/^[A-Z][A-Z0-9_]{2,60}$/) })
const permanent = z.object({ permanent: z.literal(true) })

/** What a throw means: errors with a `code` in capitals keep it, those with `permanent: true` do not retry. */
export function outcomeOfThrow(thrown: unknown): FailedOutcome {
  const withCode = coded.safeParse(thrown)
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return {
    kind: 'error',
    error: {
      code: withCode.success ? withCode.data.code : 'STEP_FAILED',
      message: message.slice(0, longestMessage),
    },
    permanent: permanent.safeParse(thrown).success,
  }
}
