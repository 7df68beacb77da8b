import { again, PermanentError, workflowsOn, type InTransaction, type StepContext } from '@toygres/workflow'
import type { Sql } from 'postgres'
import { z } from 'zod'

/** What the workflows under test can use: a table that remembers every execution of every body. */
export interface Witnessed {
  readonly sql: Sql
}

const workflow = workflowsOn<Witnessed>()

export async function createWitness(sql: Sql): Promise<void> {
  await sql`create table witness (id bigint generated always as identity, operation_id uuid, what text, pid integer)`
}

type Seen = Pick<StepContext<unknown, unknown>, 'operation'>
const saw = (sql: Pick<Sql, 'unsafe'>, { operation }: Seen, what: string) =>
  sql.unsafe('insert into witness (operation_id, what, pid) values ($1, $2, $3)', [
    operation.id,
    what,
    process.pid,
  ])

const body = (what: string) => async (context: Witnessed & Seen) => {
  await saw(context.sql, context, what)
  return what
}
const sqlOnly = (what: string) => async (context: Seen & InTransaction) => {
  await saw(context.tx, context, what)
  return what
}
const undo = (what: string) => async (context: Witnessed & Seen) => {
  await saw(context.sql, context, `undo ${what}`)
}
const undoSqlOnly = (what: string) => async (context: Seen & InTransaction) => {
  await saw(context.tx, context, `undo ${what}`)
}

/** Every kind of step once, and all of them succeed. */
export const straight = workflow('straight', { version: 1, input: z.object({ polls: z.int().default(0) }) })
  .transact('reserve', sqlOnly('reserve'), { undo: undoSqlOnly('reserve') })
  .step('deploy', body('deploy'), { undo: undo('deploy') })
  .step('await', async ({ sql, operation, input }) => {
    const [row] = await sql<
      { n: number }[]
    >`select count(*)::int as n from witness where operation_id = ${operation.id} and what = 'poll'`
    if ((row?.n ?? 0) >= input.polls) return 'ready'
    await saw(sql, { operation }, 'poll')
    return again({ after: 20, because: 'not ready' })
  })
  .transact('finish', sqlOnly('finish'))

/** Fails for good at its last step, so that everything before is undone. */
export const failing = workflow('failing', { version: 1, input: z.object({}) })
  .transact('reserve', sqlOnly('reserve'), { undo: undoSqlOnly('reserve') })
  .step('deploy', body('deploy'), { undo: undo('deploy') })
  .step('check', body('check'))
  .step('break', async () => {
    throw new PermanentError('BROKEN', 'it is broken for good')
  })

async function isMended({ sql, operation }: Witnessed & Seen): Promise<boolean> {
  const rows = await sql`select from witness where operation_id = ${operation.id} and what = 'mended'`
  return rows.length > 0
}

/** Fails for good at its last step until somebody has mended it. */
export const brittle = workflow('brittle', { version: 1, input: z.object({}) })
  .step('look', body('look'))
  .step('deploy', body('deploy'), { undo: undo('deploy') })
  .step('break', async (context) => {
    await body('break')(context)
    if (!(await isMended(context))) throw new PermanentError('BROKEN', 'it is broken for good')
  })

/** Fails, and cannot be undone until somebody has mended it. */
export const sticky = workflow('sticky', { version: 1, input: z.object({}) })
  .step('deploy', body('deploy'), {
    deadline: 50,
    undo: async (context) => {
      if (!(await isMended(context))) return again({ after: 30, because: 'it sticks' })
    },
  })
  .step('break', async () => {
    throw new PermanentError('BROKEN', 'it is broken for good')
  })

/** Fails `failures` times, then works. */
export const flaky = workflow('flaky', { version: 1, input: z.object({ failures: z.int() }) }).step(
  'try',
  async ({ attempt, input }) => {
    if (attempt <= input.failures) throw new Error(`attempt ${attempt} failed`)
    return attempt
  },
  { retry: { attempts: 4, firstDelay: 10, longestDelay: 20 } },
)

/** Polls for ever, so only its deadline, a wake-up or a cancellation ends it. */
export const waiting = workflow('waiting', {
  version: 1,
  input: z.object({ after: z.int(), until: z.string().nullable().default(null) }),
}).step(
  'wait',
  async ({ sql, operation, input }) => {
    await saw(sql, { operation }, 'poll')
    const found = await sql`select from witness where what = ${input.until}`
    if (found.length > 0) return 'seen'
    return again({ after: input.after, because: 'nobody came' })
  },
  { deadline: 60_000, undo: undo('wait') },
)

/** Runs until its signal is aborted. */
export const endless = workflow('endless', { version: 1, input: z.object({}) }).step(
  'run',
  async ({ sql, operation, signal }) => {
    await saw(sql, { operation }, 'run')
    signal.throwIfAborted()
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  },
  { undo: undo('run') },
)

/** Gives up after a tenth of a second of waiting. */
export const impatient = workflow('impatient', { version: 1, input: z.object({}) }).step(
  'wait',
  async () => again({ after: 30, because: 'nobody came' }),
  { deadline: 100 },
)

/** Kills its process, each time. */
export const poison = workflow('poison', { version: 1, input: z.object({}) }).step('die', async () => {
  process.kill(process.pid, 'SIGKILL')
})

export const workflows = [straight, failing, flaky, waiting, endless, impatient, poison, brittle, sticky]
