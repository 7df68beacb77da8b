import type { ISql } from 'postgres'
import { z } from 'zod'
import { stepStates, type OperationError, type OperationState, type StepState } from '../definition/states.ts'

/** Inside JSON, where PostgreSQL writes it as text. */
const moment = z.coerce.date().nullable()

const Reason = z.object({ code: z.string(), message: z.string() }).nullable()

const StepRecord = z.object({
  name: z.string(),
  state: z.enum(stepStates),
  attempt: z.int(),
  waitingFor: z.string().nullable(),
  until: moment,
  error: Reason,
  startedAt: moment,
  endedAt: moment,
  /** The execution under way, of the step or of its undo. */
  run: z
    .object({
      since: z.coerce.date(),
      worker: z.string(),
      host: z.string().nullable(),
      pid: z.int().nullable(),
    })
    .nullable(),
  undo: z.object({ attempt: z.int(), error: Reason, startedAt: z.coerce.date(), endedAt: moment }).nullable(),
})
export type StepRecord = Readonly<z.infer<typeof StepRecord>>

export interface OperationRecord {
  readonly id: string
  readonly workflow: string
  readonly version: number
  readonly resourceId: string
  /** The tenant that it is for, where there is one. */
  readonly projectId: string | null
  readonly state: OperationState
  readonly steps: readonly StepRecord[]
  readonly error: OperationError | null
  readonly requestedBy: string
  readonly createdAt: Date
  readonly startedAt: Date | null
  /** When somebody last let it go on, after it had failed or was parked. */
  readonly retriedAt: Date | null
  readonly endedAt: Date | null
}

export interface EventRecord {
  readonly seq: number
  readonly at: Date
  readonly operationState: OperationState
  readonly step: string | null
  readonly state: StepState | OperationState
  /** Of an error, or TAKEN_OVER, or RETRIED. */
  readonly code: string | null
  readonly message: string | null
  /** Milliseconds of the execution that ended with it. */
  readonly durationMs: number | null
}

export async function readOperation(sql: ISql, id: string): Promise<OperationRecord | null> {
  const rows = await readOperations(sql, sql`o.id = ${id}`, 1)
  return rows[0] ?? null
}

export interface OperationFilter {
  readonly resourceId?: string | undefined
  readonly projectId?: string | undefined
  readonly state?: OperationState | undefined
  /** Only those that are older than this one. */
  readonly before?: string | undefined
  readonly limit: number
}

/** Newest first. */
export function listOperations(
  sql: ISql,
  { resourceId, projectId, state, before, limit }: OperationFilter,
): Promise<OperationRecord[]> {
  return readOperations(
    sql,
    sql`true ${resourceId === undefined ? sql`` : sql`and o.resource_id = ${resourceId}`}
    ${projectId === undefined ? sql`` : sql`and o.project_id = ${projectId}`}
    ${state === undefined ? sql`` : sql`and o.state = ${state}`}
    ${before === undefined ? sql`` : sql`and o.id < ${before}`}`,
    limit,
  )
}

async function readOperations(sql: ISql, where: ReturnType<ISql>, limit: number): Promise<OperationRecord[]> {
  const rows = await sql<OperationRecord[]>`
    select o.id, o.workflow, o.version, o.resource_id as "resourceId", o.project_id as "projectId", o.state, o.error, o.requested_by as "requestedBy",
      o.created_at as "createdAt", o.started_at as "startedAt", o.retried_at as "retriedAt", o.ended_at as "endedAt",
      (select jsonb_agg(jsonb_build_object('name', p.step, 'state', p.state, 'attempt', p.attempt, 'waitingFor', p.waiting_for,
          'until', p.until, 'error', p.error, 'startedAt', p.started_at, 'endedAt', p.ended_at,
          'run', case when p.worker is not null then jsonb_build_object(
            'since', p.run_since, 'worker', p.worker, 'host', p.host, 'pid', p.pid) end,
          'undo', case when p.undo_started_at is not null then jsonb_build_object(
            'attempt', p.undo_attempt, 'error', p.undo_error, 'startedAt', p.undo_started_at, 'endedAt', p.undo_ended_at) end) order by p.position)
        from operation_progress p where p.operation_id = o.id) as steps
    from operations o where ${where} order by o.id desc limit ${limit}`
  return rows.map((row) => ({ ...row, steps: StepRecord.array().parse(row.steps) }))
}

/** Events read in one go; a reader that is further behind comes back for more. */
const eventsPerRead = 500

export interface EventPage {
  readonly events: readonly EventRecord[]
  /** When there will be others: they are there already, they will come, or these were the last. */
  readonly more: 'now' | 'later' | 'never'
}

/** In one statement, so that "ended" and the events are of the same moment. */
export async function readEvents(sql: ISql, operationId: string, afterSeq: number): Promise<EventPage> {
  const rows = await sql<(EventRecord & { ended: boolean })[]>`
    select o.ended_at is not null as ended, e.seq, e.at, e.operation_state as "operationState", e.step, e.state, e.code, e.message,
      e.took_ms as "durationMs"
    from operations o left join lateral (
      select * from operation_events where operation_id = o.id and seq > ${afterSeq} order by seq limit ${eventsPerRead}
    ) e on true where o.id = ${operationId} order by e.seq`
  const events = rows.filter(({ seq }) => seq !== null).map(toEvent)
  if (events.length === eventsPerRead) return { events, more: 'now' }
  // No row at all: the operation has been forgotten.
  return { events, more: rows[0]?.ended === false ? 'later' : 'never' }
}

const toEvent = (row: EventRecord): EventRecord => {
  const { seq, at, operationState, step, state, code, message, durationMs } = row
  return { seq, at, operationState, step, state, code, message, durationMs }
}

/** An event of one operation among those of many. */
export interface HistoryRecord extends EventRecord {
  readonly operationId: string
  readonly workflow: string
  readonly resourceId: string
  readonly requestedBy: string
}

export interface EventFilter {
  readonly projectId: string
  readonly resourceId?: string | undefined
  /** Only what comes after this one. */
  readonly after?: { readonly operationId: string; readonly seq: number } | undefined
  readonly limit: number
}

/** The newest operation first, and the newest event of each: what each step of the way reads is bounded by the limit. */
export async function listEvents(
  sql: ISql,
  { projectId, resourceId, after, limit }: EventFilter,
): Promise<HistoryRecord[]> {
  const rows = await sql<HistoryRecord[]>`
    select o.id as "operationId", o.workflow, o.resource_id as "resourceId", o.requested_by as "requestedBy", e.*
    from operations o cross join lateral (
      select seq, at, operation_state as "operationState", step, state, code, message, took_ms as "durationMs" from operation_events
      where operation_id = o.id ${after === undefined ? sql`` : sql`and (operation_id, seq) < (${after.operationId}, ${after.seq})`}
      order by seq desc limit ${limit}
    ) e
    where o.project_id = ${projectId} ${resourceId === undefined ? sql`` : sql`and o.resource_id = ${resourceId}`}
    ${after === undefined ? sql`` : sql`and o.id <= ${after.operationId}`}
    order by o.id desc, e.seq desc limit ${limit}`
  return [...rows]
}
