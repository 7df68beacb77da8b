import type { Principal } from '@toygres/schema'
import { newId } from '@toygres/workflow'
import type { ISql } from 'postgres'

export interface AuditEntry {
  readonly action:
    | 'instances.create'
    | 'instances.update'
    | 'instances.delete'
    | 'instances.connection'
    | 'operations.cancel'
    | 'health.configure'
    | 'operations.retry'
    | 'keys.create'
    | 'keys.revoke'
  readonly resourceId: string
  readonly operationId?: string
}

/** Who did what; written in the transaction of the deed, so that one never exists without the other. */
export async function audit(
  tx: ISql,
  principal: Principal,
  { action, resourceId, operationId }: AuditEntry,
): Promise<void> {
  await tx`insert into audit_log (id, subject, action, resource_id, operation_id)
    values (${newId()}, ${principal.subject}, ${action}, ${resourceId}, ${operationId ?? null})`
}
