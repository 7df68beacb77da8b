import type { Logger } from '../logger.ts'

/** Does it at once, and then each `ms` milliseconds; never twice at a time. @returns what ends it */
export function repeat(ms: number, logger: Logger, task: () => Promise<void>): () => void {
  let busy = false
  const run = async () => {
    if (busy) return
    busy = true
    await task().catch((error: unknown) => {
      logger.warn({ err: error }, 'housekeeping of the engine failed; it is repeated')
    })
    busy = false
  }
  const timer = setInterval(() => void run(), ms)
  void run()
  return () => clearInterval(timer)
}
