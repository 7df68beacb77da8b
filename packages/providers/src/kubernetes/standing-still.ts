import type { SeenInstance } from './seen.ts'

/** Milliseconds after which something that is waited for is looked at although no watch told of it: one may be open, and dead. */
const longestMs = 30_000

/** Whether the picture of an instance that is waited for has stood still for long, since it was asked for or since it last had. */
export function standingStill(): (seen: SeenInstance) => boolean {
  // By an object of the picture: each change puts another in its place.
  const since = new WeakMap<object, number>()
  return ({ pod, statefulSet }) => {
    const shown = pod ?? statefulSet
    if (!shown) return false
    const now = performance.now()
    const isLong = now - (since.get(shown) ?? now) > longestMs
    if (isLong || !since.has(shown)) since.set(shown, now)
    return isLong
  }
}
