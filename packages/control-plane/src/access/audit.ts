import type { ErrorCode, Principal } from '@toygres/schema'
import { newId } from '@toygres/workflow'
import type { ISql } from 'postgres'

/** As the API calls it. */
export type AuditedAction =
  | 'instances.create'
  | 'instances.update'
  | 'instances.delete'
  | 'instances.stop'
  | 'instances.start'
  | 'instances.connection'
  | 'operations.cancel'
  | 'health.configure'
  | 'operations.retry'
  | 'keys.create'
  | 'keys.revoke'
  | 'projects.create'
  | 'projects.update'
  | 'projects.delete'
  | 'webhooks.create'
  | 'webhooks.update'
  | 'webhooks.delete'
  | 'webhooks.redeliver'
  | 'keys.rotate'
  | 'sessions.open'

interface Deed {
  readonly action: AuditedAction
  readonly resourceId: string
  readonly operationId?: string
  /** Other than the one that the call acts in; null where it is about none. */
  readonly projectId?: string | null
}

/** What somebody asked for, and was not given. */
export interface Refusal {
  readonly action: AuditedAction
  /** As it was asked for: an id, a name, or nothing that can be read as one. */
  readonly resourceId: string | null
  readonly code: ErrorCode
}

/**
 * Who did what; written in the transaction of the deed, so that one never exists without the other. What is refused is
 * written where to ask for it is worth knowing of.
 */
export async function audit(tx: ISql, principal: Principal, entry: Deed | Refusal): Promise<void> {
  const { action, resourceId } = entry
  const refusal = 'code' in entry ? entry.code : null
  const { operationId = null, projectId = principal.projectId } = 'code' in entry ? {} : entry
  await tx`
    insert into audit_log (id, subject, project_id, action, resource_id, operation_id, request_id, outcome, code)
    values (${newId()}, ${principal.subject}, ${projectId}, ${action}, ${resourceId}, ${operationId},
      ${principal.requestId ?? null}, ${refusal === null ? 'done' : 'refused'}, ${refusal})`
}
