import type { Logger } from './logger.ts'

interface Repetition {
  readonly ms: number
  /** What it is called where it failed. */
  readonly what: string
  readonly logger: Logger
}

/** Does it at once, and then each `ms` milliseconds; never twice at a time. @returns what ends it, after what is under way */
export function repeat({ ms, what, logger }: Repetition, task: () => Promise<unknown>): () => Promise<void> {
  let running: Promise<unknown> | null = null
  const run = () => {
    running ??= task()
      .catch((error: unknown) => {
        logger.warn({ err: error }, `${what} failed; it is tried again in ${ms / 1000} s`)
      })
      .finally(() => (running = null))
  }
  const timer = setInterval(run, ms)
  run()
  return async () => {
    clearInterval(timer)
    await running
  }
}
