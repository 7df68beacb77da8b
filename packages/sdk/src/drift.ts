import { call } from './call.ts'
import { listing, type Listing } from './listing.ts'
import type { Transport } from './transport.ts'
import type { CallOptions, Drift, ListDrift } from './types.ts'

/** Where instances are not what they should be: found by the control plane by itself, and repaired by it where it can. */
export interface Drifts {
  /** What differs now, newest first; with `includeResolved`, what did before, too. */
  list(filter?: ListDrift, options?: CallOptions): Listing<Drift>
}

export function driftOf(transport: Transport): Drifts {
  return {
    list: (filter, options) =>
      listing((from) => call(transport, 'drift.list', { ...filter, ...from }, options)),
  }
}
