import { call } from './call.ts'
import { listing, type Listing } from './listing.ts'
import type { Transport } from './transport.ts'
import type { AuditEntry, CallOptions, ListAudit } from './types.ts'

/** Who did what, or tried to. */
export interface Audit {
  /** The entries, newest first. */
  list(filter?: ListAudit, options?: CallOptions): Listing<AuditEntry>
}

export function auditOf(transport: Transport): Audit {
  return {
    list: (filter, options) =>
      listing((from) => call(transport, 'audit.list', { ...filter, ...from }, options)),
  }
}
