import { call } from './call.ts'
import type { Transport } from './transport.ts'
import type { CallOptions, Drift, ListDrift, Page } from './types.ts'

/** Where instances are not what they should be: found by the control plane by itself, and repaired by it where it can. */
export interface Drifts {
  /** What differs now, newest first, a page at a time; with `includeResolved`, what did before, too. */
  list(filter?: ListDrift, options?: CallOptions): Promise<Page<Drift>>
}

export function driftOf(transport: Transport): Drifts {
  return {
    list: (filter = {}, { signal } = {}) =>
      call(transport, (rpc, options) => rpc.drift.list.query(filter, options), { signal }),
  }
}
