import type { SeenEvent } from './cluster/objects.ts'

/** Warnings kept per object: the newest says what is wrong. */
const warningsKept = 5
/** Milliseconds after which a warning that was not repeated is over: whoever still meets what it tells of tries again within 1000 s. */
const validMs = 1_200_000

/** What the cluster warns of, by the object that it is about. */
export interface Warnings {
  put(event: SeenEvent, isThere: boolean): void
  /** Those that still hold, newest last. */
  about(uids: readonly string[]): SeenEvent[]
  /** What was said of an object until then has passed since. */
  passed(uid: string, until: string | undefined): void
  /** The object is gone. */
  forget(uid: string): void
}

export function keepWarnings(): Warnings {
  const warnings = new Map<string, SeenEvent[]>()
  const passedUntil = new Map<string, number>()

  const holds = (uid: string, now: number) => (event: SeenEvent) => {
    const at = timeOf(event)
    return at > now - validMs && at > (passedUntil.get(uid) ?? 0)
  }

  return {
    put(event, isThere) {
      const { uid } = event.involvedObject
      if (uid === undefined) return
      const others = (warnings.get(uid) ?? []).filter(({ metadata }) => metadata.uid !== event.metadata.uid)
      const all = isThere ? [...others, event].toSorted(byTime).slice(-warningsKept) : others
      if (all.length > 0) warnings.set(uid, all)
      else warnings.delete(uid)
    },
    about(uids) {
      const now = Date.now()
      return uids.flatMap((uid) => (warnings.get(uid) ?? []).filter(holds(uid, now)))
    },
    passed(uid, until = '') {
      const at = Date.parse(until)
      if (at > (passedUntil.get(uid) ?? 0)) passedUntil.set(uid, at)
    },
    forget: (uid) => void passedUntil.delete(uid),
  }
}

const timeOf = ({ series, lastTimestamp, eventTime, metadata }: SeenEvent): number =>
  Date.parse(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '')

const byTime = (a: SeenEvent, b: SeenEvent): number => timeOf(a) - timeOf(b)
