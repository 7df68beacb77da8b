import type { Logger } from './logger.ts'

/** Does it at once, and then each `ms` milliseconds; never twice at a time. @returns what ends it, after what is under way */
export function repeat(ms: number, logger: Logger, task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  const run = () => {
    running ??= task()
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'housekeeping of the engine failed; it is repeated')
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
