import type { OperationEvent } from '@toygres/sdk'

/** Shows how an operation gets on. */
export interface Progress {
  show(event: OperationEvent): void
  /** Leaves the last picture standing. */
  stop(): void
}
