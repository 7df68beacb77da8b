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
    | 'projects.create'
    | 'projects.update'
    | 'projects.delete'
  readonly resourceId: string
  readonly operationId?: string
  /** Other than the one that the call acts in; null where it is about none. */
  readonly projectId?: string | null
}

/** Who did what; written in the transaction of the deed, so that one never exists without the other. */
export async function audit(
  tx: ISql,
  principal: Principal,
  { action, resourceId, operationId, projectId = principal.projectId }: AuditEntry,
): Promise<void> {
  await tx`
    insert into audit_log (id, subject, project_id, action, resource_id, operation_id, request_id)
    values (${newId()}, ${principal.subject}, ${projectId}, ${action}, ${resourceId}, ${operationId ?? null},
      ${principal.requestId ?? null})`
}
