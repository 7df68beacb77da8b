import type { AuditEntry } from '@toygres/sdk'
import type { Kind } from './kind.ts'

export const auditKind: Kind<AuditEntry> = {
  nameOf: ({ id }) => id,
  columns: [
    { title: 'AT', cell: ({ at }) => at.toISOString() },
    { title: 'WHO', cell: ({ subject, subjectName }) => subjectName ?? subject },
    { title: 'ACTION', cell: ({ action }) => action },
    {
      title: 'OUTCOME',
      cell: ({ outcome, code }) => (code === null ? outcome : `${outcome}: ${code}`),
      style: ({ outcome }) => (outcome === 'refused' ? 'yellow' : undefined),
    },
    { title: 'RESOURCE', cell: ({ resourceId }) => resourceId },
    { title: 'OPERATION', cell: ({ operationId }) => operationId, extra: true },
    { title: 'REQUEST', cell: ({ requestId }) => requestId, extra: true },
    { title: 'PROJECT', cell: ({ projectId }) => projectId, extra: true },
    { title: 'SUBJECT', cell: ({ subject }) => subject, extra: true },
    { title: 'ID', cell: ({ id }) => id, extra: true },
  ],
}
