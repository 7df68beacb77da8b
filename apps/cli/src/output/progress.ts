import type { OperationEvent } from '@toygres/sdk'

/** Shows how an operation gets on. */
export interface Progress {
  show(event: OperationEvent): void
  /** Says that nothing can be seen just now, and why; null when it can again. */
  away(why: Error | null): void
  /** Leaves the last picture standing. */
  stop(): void
}
