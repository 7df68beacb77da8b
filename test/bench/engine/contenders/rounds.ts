import { percentile } from '../../figures.ts'
import type { ContenderProcess } from './contender-process.ts'

export const median = (values: readonly number[]): number => percentile(values, 0.5)

/** Looks seldom enough not to be in the way. @throws when something is left after `mostMs` milliseconds */
export async function untilEnded({ call }: ContenderProcess, mostMs: number): Promise<void> {
  const enough = performance.now() + mostMs
  for (;;) {
    const left = await call.unended()
    if (left === 0) return
    if (performance.now() > enough)
      throw new Error(`${left} operations have not ended after ${mostMs / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
