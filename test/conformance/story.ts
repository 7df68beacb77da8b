import { newId, type OperationRecord, type Workflow } from '@toygres/workflow'
import type { TransactionSql } from 'postgres'
import type { OpenEngine } from './open-engine.ts'
import { brittle, endless, failing, flaky, straight, waiting, type Witnessed } from './workflows.ts'

type Teller = Pick<OpenEngine, 'sql' | 'engine'>

/**
 * One of everything that can happen to an operation. A chapter can be told again by somebody else after the one who told it
 * was killed: like a user's client it looks at what is there, and goes on.
 */
interface Chapter {
  readonly tell: (teller: Teller, resourceId: string) => Promise<void>
  readonly ends: readonly string[]
  /** What the bodies did. A crash may repeat a body; never one that is SQL only, and never one whose end was recorded. */
  readonly did: RegExp
}

export const chapters: Readonly<Record<string, Chapter>> = {
  'goes well': {
    tell: async (teller, resource) => ended(teller, await started(teller, resource, straight, { polls: 1 })),
    ends: ['succeeded'],
    did: /^asked,reserve,(deploy,)+(poll,)+finish$/,
  },
  'fails and is undone': {
    tell: async (teller, resource) => ended(teller, await started(teller, resource, failing, {})),
    ends: ['failed'],
    did: /^asked,reserve,(deploy,)+(check,)+(undo deploy,)+undo reserve$/,
  },
  'works at the second attempt': {
    tell: async (teller, resource) => ended(teller, await started(teller, resource, flaky, { failures: 1 })),
    ends: ['succeeded'],
    did: /^asked$/,
  },
  'is cancelled': {
    async tell(teller, resource) {
      const id = await started(teller, resource, endless, {})
      await happened(teller, id, 'running')
      await teller.sql.begin((tx) => teller.engine.cancel(tx, id))
      await ended(teller, id)
    },
    ends: ['cancelled'],
    did: /^asked(,run)*(,undo run)*$/,
  },
  'is woken': {
    async tell(teller, resource) {
      const id = await started(teller, resource, waiting, { after: 50_000, until: resource })
      await happened(teller, id, 'waiting')
      await teller.sql`insert into witness (what) values (${resource})`
      await teller.engine.wake(resource)
      await ended(teller, id)
    },
    ends: ['succeeded'],
    did: /^asked(,poll){2,}$/,
  },
  'is mended and tried again': {
    async tell(teller, resource) {
      const id = await started(teller, resource, brittle, {})
      await happened(teller, id, 'failed')
      await teller.sql`insert into witness (operation_id, what) values (${id}, 'mended')`
      await teller.sql.begin((tx) => teller.engine.retry(tx, id))
      await ended(teller, id)
    },
    ends: ['succeeded'],
    did: /^asked,(look,)+(deploy,)+(break,)+(undo deploy,)+mended,((deploy|mended),)+(break|mended)(,break|,mended)*$/,
  },
  'was left behind by a dead worker': {
    tell: async (teller, resource) =>
      ended(teller, await started(teller, resource, straight, { polls: 0 }, leaveBehind)),
    ends: ['succeeded'],
    did: /^asked,reserve,(deploy,)+finish$/,
  },
  'pre-empts another': {
    async tell(teller, resource) {
      const first = await started(teller, resource, endless, {})
      await happened(teller, first, 'running')
      await teller.sql.begin(async (tx) => {
        const active = await teller.engine.findActive(tx, resource)
        if (active?.id !== first || active.followedBy !== null) return
        await teller.engine.cancel(tx, first)
        const options = { resourceId: resource, input: { polls: 0 }, requestedBy: 'test', after: first }
        await teller.engine.start(tx, straight, options)
      })
      await ended(teller, first)
      const [second] = await operationsOn(teller, resource)
      await ended(teller, second?.id ?? '')
    },
    ends: ['cancelled', 'succeeded'],
    did: /^asked(,run)*(,undo run)*$|^reserve,(deploy,)+finish$/,
  },
}

/** All chapters, one after the other or all at once, on resources of this round. */
export async function tellStory(
  teller: Teller,
  { round, atOnce }: { round: number; atOnce: boolean },
): Promise<void> {
  const tellings = Object.values(chapters).map(
    ({ tell }, index) =>
      () =>
        tell(teller, resourceOf(round, index)),
  )
  if (atOnce) await Promise.all(tellings.map((telling) => telling()))
  else for (const telling of tellings) await telling()
}

/** The same for whoever tells the story. */
export const resourceOf = (round: number, chapter: number): string =>
  `00000000-0000-7000-8${String(round).padStart(3, '0')}-${String(chapter).padStart(12, '0')}`

/** Newest first. */
const operationsOn = ({ engine }: Teller, resourceId: string): Promise<OperationRecord[]> =>
  engine.list({ resourceId, limit: 10 })

/** Starts it unless that has been done, with a row of the caller's in the same transaction. */
async function started<I, O, R>(
  teller: Teller,
  resourceId: string,
  workflow: Workflow<Witnessed, I, O, R>,
  input: I,
  also: (tx: TransactionSql, id: string) => Promise<void> = async () => {},
): Promise<string> {
  const before = (await operationsOn(teller, resourceId)).at(-1)
  if (before !== undefined) return before.id
  return teller.sql.begin(async (tx) => {
    const id = await teller.engine.start(tx, workflow, { resourceId, input, requestedBy: 'test' })
    await tx`insert into witness (operation_id, what) values (${id}, 'asked')`
    await also(tx, id)
    return id
  })
}

/** The trace of a worker that took the operation and died. */
async function leaveBehind(tx: TransactionSql, id: string): Promise<void> {
  const dead = newId()
  await tx`insert into workers (id, host, pid, lease_until) values (${dead}, 'gone', 1, now() - interval '1 minute')`
  await tx`update operations set state = 'running', owner = ${dead}, fence = 1, started_at = now() where id = ${id}`
  await tx`update pgboss.job set state = 'active', started_on = now() where id = (select job_id from operations where id = ${id})`
}

/** Once it has come to this, or is past it. */
async function happened({ engine }: Teller, id: string, state: string): Promise<void> {
  for await (const event of engine.watch(id, { afterSeq: 0, signal: AbortSignal.timeout(110_000) }))
    if (event.state === state && (event.step === null || state === 'waiting')) return
}

async function ended({ engine }: Teller, id: string): Promise<void> {
  for await (const _ of engine.watch(id, { afterSeq: 0, signal: AbortSignal.timeout(110_000) }));
}
