import { again, PermanentError, workflowsOn, type InTransaction, type StepContext } from '@toygres/workflow'
import { setTimeout } from 'node:timers/promises'
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

const stuck = (step: string) => ({
  deadline: 1000,
  undo: async (context: Witnessed & Seen) => {
    await undo(step)(context)
    if (!(await isMended(context))) return again({ after: 400, because: 'it sticks' })
  },
})

/** Fails, and neither of its steps can be undone until somebody has mended it. */
export const stuckTwice = workflow('stuck-twice', { version: 1, input: z.object({}) })
  .step('first', body('first'), stuck('first'))
  .step('second', body('second'), stuck('second'))
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

/** Kills its process, each time, until somebody has mended it. */
export const poison = workflow('poison', { version: 1, input: z.object({}) }).step('die', async (context) => {
  await body('die')(context)
  if (!(await isMended(context))) process.kill(process.pid, 'SIGKILL')
})

/** What is waited for through this pool: however many wait for the same, one asks. */
const asking = new WeakMap<Sql, Map<string, Promise<void>>>()

/** Once somebody has told it. */
function told(sql: Sql, what: string): Promise<void> {
  const ask = async () => {
    while ((await sql`select from witness where what = ${what}`).length === 0) await setTimeout(30)
  }
  const asked = asking.get(sql) ?? new Map<string, Promise<void>>()
  asking.set(sql, asked)
  const answer = asked.get(what) ?? ask()
  asked.set(what, answer)
  return answer
}

/** Keeps its place in the worker until somebody opens the gate. */
export const gated = workflow('gated', { version: 1, input: z.object({ gate: z.string() }) }).step(
  'hold',
  async (context) => {
    await body('hold')(context)
    await told(context.sql, context.input.gate)
  },
)

const stage = (name: string) => async (context: Witnessed & Seen & { input: { gates: string } }) => {
  await body(name)(context)
  await told(context.sql, `${context.input.gates} ${name}`)
}

/** Stays in each step until it is told to go on. */
export const staged = workflow('staged', { version: 1, input: z.object({ gates: z.string() }) })
  .step('one', stage('one'))
  .step('two', stage('two'))
  .step('three', stage('three'))
  .step('four', stage('four'))

const Trip = z.object({
  /** The step that fails for good. */
  failsAt: z.string(),
  /** The step whose undo kills its process, once. */
  diesUndoing: z.string().optional(),
  /** The step that cannot be undone until somebody has mended it. */
  sticksUndoing: z.string().optional(),
})
type Travel = Seen & { input: z.infer<typeof Trip> }

const book = (what: string) => async (context: Witnessed & Travel) => {
  await body(what)(context)
  if (context.input.failsAt === what) throw new PermanentError('BROKEN', `${what} is broken for good`)
}
const bookSqlOnly = (what: string) => async (context: InTransaction & Travel) => {
  await sqlOnly(what)(context)
  if (context.input.failsAt === what) throw new PermanentError('BROKEN', `${what} is broken for good`)
}
const cancelBooking = (what: string) => ({
  deadline: 50,
  undo: async (context: Witnessed & Travel) => {
    const { sql, operation, input } = context
    await undo(what)(context)
    if (input.sticksUndoing === what && !(await isMended(context)))
      return again({ after: 30, because: 'it sticks' })
    if (input.diesUndoing !== what) return
    const before = await sql`select from witness where operation_id = ${operation.id} and what = 'died'`
    if (before.length > 0) return
    await saw(sql, { operation }, 'died')
    process.kill(process.pid, 'SIGKILL')
  },
})

/** A saga of five: the first and the last are SQL only, the third leaves nothing to undo. */
export const trip = workflow('trip', { version: 1, input: Trip })
  .transact('plan', bookSqlOnly('plan'), { undo: undoSqlOnly('plan') })
  .step('flight', book('flight'), cancelBooking('flight'))
  .step('weather', book('weather'))
  .step('hotel', book('hotel'), cancelBooking('hotel'))
  .transact('invoice', bookSqlOnly('invoice'), { undo: undoSqlOnly('invoice') })

/** How one execution of a step of `scripted` ends. */
export const endings = ['ok', 'again', 'throw', 'permanent'] as const
type Ending = (typeof endings)[number]
const Script = z.object({
  /** Of each step, the endings of its first executions; the others end well. */
  run: z.record(z.string(), z.array(z.enum(endings))),
  undo: z.record(z.string(), z.array(z.enum(endings))),
})

function play(ending: Ending = 'ok') {
  if (ending === 'again') return again({ after: 5, because: 'the script says so' })
  if (ending === 'permanent') throw new PermanentError('BROKEN', 'the script says so')
  if (ending === 'throw') throw new Error('the script says so')
  return ending
}

/** One letter a step: `s` a plain one, `u` one with an undo, `t` and `v` the same in SQL only. */
function scripted(shape: string) {
  const retry = { attempts: 3, firstDelay: 5, longestDelay: 5 }
  const nth = async (sql: Sql, { operation }: Seen, what: string) => {
    await saw(sql, { operation }, what)
    const rows = await sql`select from witness where operation_id = ${operation.id} and what = ${what}`
    return rows.length - 1
  }
  let built = workflow(`scripted-${shape}`, { version: 1, input: Script }).transact('begin', async () => 'ok')
  for (const [index, letter] of shape.split('').entries()) {
    const name = `${letter}${index}`
    if (letter === 's' || letter === 'u')
      built = built.step(
        name,
        async (context) => {
          const n = await nth(context.sql, context, name)
          return play(context.input.run[name]?.[n])
        },
        {
          retry,
          ...(letter === 'u' && {
            undo: async (context) => {
              const n = await nth(context.sql, context, `undo ${name}`)
              const ending = context.input.undo[name]?.[n]
              if (ending === 'again') return again({ after: 5, because: 'the script says so' })
              if (ending === 'throw') throw new Error('the script says so')
            },
          }),
        },
      )
    else
      built = built.transact(
        name,
        async (context) => {
          await sqlOnly(name)(context)
          const ending = context.input.run[name]?.[context.attempt - 1]
          return play(ending === 'again' ? 'throw' : ending) as 'ok'
        },
        { retry, ...(letter === 'v' && { undo: undoSqlOnly(name) }) },
      )
  }
  return { shape, workflow: built }
}

export const shapes = ['s', 'u', 'uv', 'tus', 'vusu', 'uuuuu', 'stuvst'].map(scripted)

const scripts = shapes.map((shape) => shape.workflow)
export const workflows = [
  straight,
  failing,
  flaky,
  waiting,
  endless,
  impatient,
  poison,
  brittle,
  sticky,
  stuckTwice,
  gated,
  staged,
  trip,
  ...scripts,
]
