import { AuditEntry, type AuditPage, type ListAudit, type Principal } from '@toygres/schema'
import type { Sql } from 'postgres'
import type { AuditLog } from '../control-plane.ts'
import { pageOf, readCursor } from '../page.ts'
import { audit, type Refusal } from './audit.ts'
import { subjectNames } from './known-keys.ts'
import type { RefusedReads } from './refused-reads.ts'

export function auditLogOf(sql: Sql, refusedReads: RefusedReads): AuditLog {
  /** Newest first. */
  async function list(
    principal: Principal,
    { cursor, limit, resourceId, subject }: ListAudit,
  ): Promise<AuditPage> {
    const { projectId, system } = principal
    const before = readCursor('audit.list', cursor)
    const rows = await sql<{ subject: string }[]>`
      select id, at, subject, action, project_id as "projectId", resource_id as "resourceId",
        operation_id as "operationId", request_id as "requestId", outcome, code
      from audit_log
      where (project_id = ${projectId} ${system ? sql`or project_id is null` : sql``})
        ${resourceId === undefined ? sql`` : sql`and resource_id = ${resourceId}`}
        ${subject === undefined ? sql`` : sql`and subject = ${subject}`}
        ${before === undefined ? sql`` : sql`and id < ${before}`}
      order by id desc limit ${limit + 1}`
    const names = await subjectNames(
      sql,
      principal,
      rows.map((row) => row.subject),
    )
    return pageOf(
      'audit.list',
      rows.map((row) => AuditEntry.parse({ ...row, subjectName: names.get(row.subject) ?? null })),
      limit,
    )
  }

  async function refused(principal: Principal, refusal: Refusal): Promise<void> {
    const { action, resourceId, code } = refusal
    switch (refusedReads.take(principal.subject, `${action} ${resourceId} ${code}`)) {
      case 'itself':
        return audit(sql, principal, refusal)
      case 'more':
        return audit(sql, principal, { action, resourceId: null, code: 'RATE_LIMITED' })
      case 'nothing':
    }
  }

  return { list, refused }
}
