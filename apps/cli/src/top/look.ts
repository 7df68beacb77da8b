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

const most = (of: (row: Row) => number | null | undefined) => (a: Row, b: Row) =>
  (of(b) ?? -1) - (of(a) ?? -1)

export const sorts = {
  name: ({ instance: a }: Row, { instance: b }: Row) => a.name.localeCompare(b.name),
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

/** The first so many of all instances in this order. */
export async function look(toygres: Toygres, options: LookOptions): Promise<Picture> {
  const [status, rows] = await Promise.all([
    unless(isDenied, toygres.system.status()),
    options.sort === 'name' ? firstByName(toygres, options) : firstByHealth(toygres, options),
  ])
  return { status, rows }
}

const pageSize = 1_000

/** The health of those that are shown is all that is asked for. */
async function firstByName(toygres: Toygres, { limit }: LookOptions): Promise<Row[]> {
  const best = new Best<Instance>((a, b) => a.name.localeCompare(b.name), limit)
  for await (const instance of toygres.instances.list({ limit: pageSize })) best.add(instance)
  return rowsOf(toygres, best.inOrder())
}

/** Each has to be asked how it is: what that costs grows with the instances, what is kept does not. */
async function firstByHealth(toygres: Toygres, { sort, limit }: LookOptions): Promise<Row[]> {
  const best = new Best<Row>(sorts[sort], limit)
  for await (const instances of batchesOf(toygres.instances.list({ limit: pageSize }), pageSize))
    for (const row of await rowsOf(toygres, instances)) best.add(row)
  return best.inOrder()
}

/** The first so many, of any number. */
class Best<Item> {
  readonly #order: (a: Item, b: Item) => number
  readonly #limit: number
  #items: Item[] = []

  constructor(order: (a: Item, b: Item) => number, limit: number) {
    this.#order = order
    this.#limit = limit
  }

  add(item: Item): void {
    this.#items.push(item)
    if (this.#items.length >= this.#limit + pageSize) this.#items = this.inOrder()
  }

  inOrder(): Item[] {
    return this.#items.toSorted(this.#order).slice(0, this.#limit)
  }
}

async function* batchesOf<Item>(items: AsyncIterable<Item>, size: number): AsyncGenerator<Item[]> {
  let batch: Item[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Instances that are asked for at once. */
const askedAtOnce = 16

const rowsOf = (toygres: Toygres, instances: readonly Instance[]): Promise<Row[]> =>
  inTurns(instances, askedAtOnce, (instance) => rowOf(toygres, instance))

async function rowOf(toygres: Toygres, instance: Instance): Promise<Row> {
  const { id, state, activeOperationId } = instance
  const [health, operation] = await Promise.all([
    state === 'running' ? unless(isGone, toygres.health.get(id)) : null,
    activeOperationId === null ? null : unless(isGone, toygres.operations.get(activeOperationId)),
  ])
  return { instance, health, operation }
}

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
