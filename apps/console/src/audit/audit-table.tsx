import { Link } from '@tanstack/react-router'
import type { AuditEntry } from '@toygres/sdk'
import { Subject } from '../access/subject.tsx'
import { Badge } from '../ui/badge.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Table } from '../ui/table.tsx'
import { formatTime } from '../ui/time.tsx'
import './audit-table.css'
import type { AuditSearch } from './audit-search.ts'

interface AuditTableProps {
  entries: readonly AuditEntry[]
  nameOf: (id: string) => string | undefined
  onFilter: (search: AuditSearch) => void
}

export function AuditTable({ entries, nameOf, onFilter }: AuditTableProps) {
  return (
    <Table
      name="Audit log"
      className="audit"
      columns={['When', 'Who', 'What', 'To what', 'Outcome', 'Operation', 'Request']}
    >
      {entries.map(({ id, at, subject, action, resourceId, outcome, code, operationId, requestId }) => (
        <tr key={id}>
          <td className="soft number">
            <time dateTime={at.toISOString()}>{formatTime(at)}</time>
          </td>
          <td>
            <button
              type="button"
              className="as-filter"
              title={`Only what ${subject} did`}
              onClick={() => onFilter({ by: subject })}
            >
              <Subject subject={subject} />
            </button>
          </td>
          <th scope="row">{action}</th>
          <td>
            {resourceId === null ? (
              <span className="faint">–</span>
            ) : (
              <button
                type="button"
                className={nameOf(resourceId) === undefined ? 'as-filter mono' : 'as-filter'}
                title={`Only what was done to ${[nameOf(resourceId), resourceId].filter(Boolean).join(', ')}`}
                onClick={() => onFilter({ about: resourceId })}
              >
                {nameOf(resourceId) ?? short(resourceId)}
              </button>
            )}
          </td>
          <td>
            <Badge tone={outcome === 'done' ? 'good' : 'bad'}>
              {code === null ? outcome : `${outcome}: ${code}`}
            </Badge>
          </td>
          <td className="mono">
            {operationId && (
              <Link to="/operations/$operation" params={{ operation: operationId }} className="name">
                {short(operationId)}
              </Link>
            )}
          </td>
          <td>
            {requestId && <CopyButton text={requestId} label={`Copy the id of the request ${requestId}`} />}
          </td>
        </tr>
      ))}
    </Table>
  )
}

/** Ids that were made one after the other differ in their ends. */
const short = (id: string): string => (id.length > 20 ? `…${id.slice(-12)}` : id)
