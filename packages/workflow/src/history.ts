import type { ISql } from 'postgres'
import type { OperationError, OperationState, StepState } from './operation.ts'
import type { StepError } from './outcome.ts'

export interface StepRecord {
  readonly name: string
  readonly state: StepState
  readonly attempt: number
  readonly waitingFor: string | null
  readonly until: Date | null
  readonly error: StepError | null
  readonly startedAt: Date | null
  readonly endedAt: Date | null
}

export interface OperationRecord {
  readonly id: string
  readonly workflow: string
  readonly version: number
  readonly resourceId: string
  readonly state: OperationState
  readonly steps: readonly StepRecord[]
  readonly error: OperationError | null
  readonly requestedBy: string
  readonly createdAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
}

export interface EventRecord {
  readonly seq: number
  readonly at: Date
  readonly operationState: OperationState
  readonly step: string | null
  readonly state: StepState | OperationState
  readonly message: string | null
}

export async function readOperation(sql: ISql, id: string): Promise<OperationRecord | null> {
  const rows = await readOperations(sql, sql`o.id = ${id}`, 1)
  return rows[0] ?? null
}

export interface OperationFilter {
  readonly resourceId?: string | undefined
  readonly state?: OperationState | undefined
  /** Only those that are older than this one. */
  readonly before?: string | undefined
  readonly limit: number
}

/** Newest first. */
export function listOperations(
  sql: ISql,
  { resourceId, state, before, limit }: OperationFilter,
): Promise<OperationRecord[]> {
  return readOperations(
    sql,
    sql`true ${resourceId === undefined ? sql`` : sql`and o.resource_id = ${resourceId}`}
      ${state === undefined ? sql`` : sql`and o.state = ${state}`}
      ${before === undefined ? sql`` : sql`and o.id < ${before}`}`,
    limit,
  )
}

async function readOperations(sql: ISql, where: ReturnType<ISql>, limit: number): Promise<OperationRecord[]> {
  const rows = await sql<(Omit<OperationRecord, 'steps'> & { steps: StepRow[] })[]>`
    select o.id, o.workflow, o.version, o.resource_id as "resourceId", o.state, o.error, o.requested_by as "requestedBy",
      o.created_at as "createdAt", o.started_at as "startedAt", o.ended_at as "endedAt",
      (select jsonb_agg(jsonb_build_object('name', p.step, 'state', p.state, 'attempt', p.attempt, 'waitingFor', p.waiting_for,
          'until', p.until, 'error', p.error, 'startedAt', p.started_at, 'endedAt', p.ended_at) order by p.position)
        from operation_progress p where p.operation_id = o.id) as steps
    from operations o where ${where} order by o.id desc limit ${limit}`
  return rows.map((row) => ({ ...row, steps: row.steps.map(toStep) }))
}

interface StepRow extends Omit<StepRecord, 'until' | 'startedAt' | 'endedAt'> {
  readonly until: string | null
  readonly startedAt: string | null
  readonly endedAt: string | null
}

const date = (text: string | null): Date | null => (text === null ? null : new Date(text))

const toStep = (row: StepRow): StepRecord => ({
  ...row,
  until: date(row.until),
  startedAt: date(row.startedAt),
  endedAt: date(row.endedAt),
})

/** Events read in one go; a reader that is further behind comes back for more. */
export const eventsPerRead = 500

export function readEvents(sql: ISql, operationId: string, afterSeq: number): Promise<EventRecord[]> {
  return sql<EventRecord[]>`
    select seq, at, operation_state as "operationState", step, state, message from operation_events
    where operation_id = ${operationId} and seq > ${afterSeq} order by seq limit ${eventsPerRead}`
}

export async function hasEnded(sql: ISql, operationId: string): Promise<boolean> {
  const rows = await sql`select id from operations where id = ${operationId} and ended_at is not null`
  return rows.length > 0
}
