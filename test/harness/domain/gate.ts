import type { CrashPoint } from '@toygres/workflow'

/** Holds whoever passes a point next, once it is armed, until it is let go. */
export interface Gate {
  /** Somebody stands at it. */
  readonly arrived: Promise<void>
  arm(): void
  open(): void
  reach(point: CrashPoint): Promise<void>
}

export function gate(at: CrashPoint, { armed = true, when = async () => true } = {}): Gate {
  const arrived = Promise.withResolvers<void>()
  const opened = Promise.withResolvers<void>()
  return {
    arrived: arrived.promise,
    arm: () => {
      armed = true
    },
    open: () => opened.resolve(),
    async reach(point) {
      if (!armed || point !== at || !(await when())) return
      armed = false
      arrived.resolve()
      await opened.promise
    },
  }
}
