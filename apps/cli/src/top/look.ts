import type { Health, Instance, Operation, SystemStatus, Toygres } from '@toygres/sdk'
import { inTurns } from '../in-turns.ts'

export interface Row {
  readonly instance: Instance
  /** Null for one that is not checked. */
  readonly health: Health | null
  /** What is being done to it. */
  readonly operation: Operation | null
}

export interface Picture {
  /** Null where it is not for this key. */
  readonly status: SystemStatus | null
  readonly rows: readonly Row[]
}

const most = (of: (row: Checked) => number | null | undefined) => (a: Checked, b: Checked) =>
  (of(b) ?? -1) - (of(a) ?? -1)

export const sorts = {
  name: ({ instance: a }: Checked, { instance: b }: Checked) => a.name.localeCompare(b.name),
  latency: most(({ health }) => health?.latencyMs),
  connections: most(({ health }) => health?.connections?.used),
  size: most(({ health }) => health?.databaseBytes),
}
export type Sort = keyof typeof sorts

export interface LookOptions {
  readonly sort: Sort
  /** Instances that are shown. */
  readonly limit: number
}

/** The first so many of all instances in this order. Read page by page: what that costs grows with the instances, what is kept does not. */
export async function look(toygres: Toygres, { sort, limit }: LookOptions): Promise<Picture> {
  const [status, checked] = await Promise.all([
    unless(isDenied, toygres.system.status()),
    sort === 'name' ? firstByName(toygres, limit) : first(limit, sorts[sort], checkedInstances(toygres)),
  ])
  const rows = await inTurns(checked, askedAtOnce, async (row) => ({
    ...row,
    operation: await operationOn(toygres, row.instance),
  }))
  return { status, rows }
}

/** The health of those that are shown is all that is asked for. */
async function firstByName(toygres: Toygres, limit: number): Promise<Checked[]> {
  const unchecked = withoutHealth(toygres.instances.list({ limit: pageSize }))
  return inTurns(await first(limit, sorts.name, unchecked), askedAtOnce, async ({ instance }) => ({
    instance,
    health: instance.state === 'running' ? await unless(isGone, toygres.health.get(instance.id)) : null,
  }))
}

async function* withoutHealth(instances: AsyncIterable<Instance>): AsyncGenerator<Checked, void> {
  for await (const instance of instances) yield { instance, health: null }
}

/** Instances whose health or operation is asked for at once. */
const askedAtOnce = 16

/** As many as a page has at most. */
const pageSize = 1_000

type Checked = Omit<Row, 'operation'>

/** Every instance with its health. Both lists are in the order of ids, the newest first. */
async function* checkedInstances(toygres: Toygres): AsyncGenerator<Checked, void> {
  const healths = toygres.health.list({ limit: pageSize })[Symbol.asyncIterator]()
  const instances = toygres.instances.list({ limit: pageSize })
  // Both have begun: the failure of each has to be heard, also where the other one fails first.
  let [at] = await Promise.all([healths.next(), instances])
  for await (const instance of instances) {
    while (!at.done && at.value.instanceId > instance.id) at = await healths.next()
    const isOf = !at.done && at.value.instanceId === instance.id && instance.state === 'running'
    yield { instance, health: isOf ? at.value : null }
  }
}

async function first<Item>(
  limit: number,
  order: (a: Item, b: Item) => number,
  items: AsyncIterable<Item>,
): Promise<Item[]> {
  let best: Item[] = []
  const cut = () => best.toSorted(order).slice(0, limit)
  for await (const item of items) {
    best.push(item)
    if (best.length >= limit + pageSize) best = cut()
  }
  return cut()
}

const operationOn = (toygres: Toygres, { activeOperationId }: Instance): Promise<Operation | null> =>
  activeOperationId === null
    ? Promise.resolve(null)
    : unless(isGone, toygres.operations.get(activeOperationId))

async function unless<Value>(
  isNone: (code: string) => boolean,
  answer: Promise<Value>,
): Promise<Value | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Error && 'code' in error && isNone(String(error.code))) return null
    throw error
  }
}

/** It may go between two looks. */
const isGone = (code: string): boolean => code.endsWith('_NOT_FOUND')

const isDenied = (code: string): boolean => code === 'PERMISSION_DENIED'
