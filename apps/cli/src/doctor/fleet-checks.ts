import type { CallOptions, Instance, Operation, OperationState, Toygres } from '@toygres/sdk'
import { formatAge } from '../duration.ts'
import { whatItIsAt } from '../output/operation-view.ts'
import { serverNow } from '../server-clock.ts'
import { fail, ok, warn, type Check } from './check.ts'
import { failure } from './plane-checks.ts'

// What the control plane looks after: each, however many there are, and none of them kept.

const pageSize = 1_000

/** Some of many, told with how many they are. */
class Told {
  readonly #most = 5
  readonly #texts: string[] = []
  #count = 0

  add(text: string): void {
    this.#count++
    if (this.#texts.length < this.#most) this.#texts.push(text)
  }

  get count(): number {
    return this.#count
  }

  get text(): string {
    return `${this.#texts.join(', ')}${this.#count > this.#most ? ', ...' : ''}`
  }
}

export async function checkInstances(toygres: Toygres, bounds: CallOptions): Promise<Check> {
  const name = 'instances'
  const [ill, doubtful] = [new Told(), new Told()]
  let running = 0
  let first: Instance | undefined
  try {
    for await (const instance of toygres.instances.list({ limit: pageSize }, bounds)) {
      if (instance.state === 'running') running++
      const told = isIll(instance) ? ill : isDoubtful(instance) ? doubtful : null
      if (told === null) continue
      // What is worst is what to look at.
      if (first === undefined || (told === ill && ill.count === 0)) first = instance
      told.add(`${instance.name} (${whyNot(instance)})`)
    }
  } catch (error) {
    return failure(name, error)
  }
  if (first === undefined) return ok(name, `${running} running, none unhealthy`)
  const advice = `see why: "toygres health get ${first.name}", "toygres events ${first.name}"`
  const detail = [
    ...(ill.count > 0 ? [`${ill.count} failed or unhealthy: ${ill.text}`] : []),
    ...(doubtful.count > 0 ? [`${doubtful.count} in doubt: ${doubtful.text}`] : []),
  ].join('; ')
  return ill.count > 0 ? fail(name, detail, advice) : warn(name, detail, advice)
}

const isIll = ({ state, healthStatus }: Instance): boolean =>
  state === 'failed' || (state === 'running' && healthStatus === 'unhealthy')

/** Its last check failed, and others are to come before it is called unhealthy; or nobody checks it. */
const isDoubtful = (instance: Instance): boolean =>
  instance.state === 'running' && (instance.healthReason !== null || isUnchecked(instance))

/** A check may take a while, and a control plane be away. */
const checkMayTakeMs = 60_000

const isUnchecked = ({ healthCheckedAt, updatedAt, healthCheckIntervalSeconds }: Instance): boolean =>
  serverNow() - (healthCheckedAt ?? updatedAt).getTime() > 3_000 * healthCheckIntervalSeconds + checkMayTakeMs

function whyNot(instance: Instance): string {
  if (instance.state === 'failed') return 'failed'
  if (instance.healthReason !== null) return instance.healthReason
  return `not checked for ${formatAge(instance.healthCheckedAt ?? instance.updatedAt)}`
}

export async function checkDrift(toygres: Toygres, bounds: CallOptions): Promise<Check> {
  const name = 'drift'
  const forPeople = new Told()
  let repaired = 0
  try {
    for await (const drift of toygres.drift.list({ limit: pageSize }, bounds))
      if (drift.repairAfter === null) forPeople.add(`${drift.instanceName} (${drift.kind})`)
      else repaired++
  } catch (error) {
    return failure(name, error)
  }
  if (forPeople.count > 0)
    return warn(
      name,
      `${forPeople.count} differences need you: ${forPeople.text}`,
      'see them with "toygres drift list"',
    )
  return ok(
    name,
    repaired === 0 ? 'everything is as it should be' : `${repaired} differences are being repaired`,
  )
}

const underWay: readonly OperationState[] = ['queued', 'running', 'cancelling', 'undoing']

/** Milliseconds after which somebody should know: a create takes seconds. */
const longMs = 5 * 60_000

export async function checkOperations(toygres: Toygres, bounds: CallOptions): Promise<Check> {
  const name = 'operations'
  try {
    // One that is parked does not say that all the others get on.
    const found = [await parkedOf(toygres, bounds), await slowOf(toygres, bounds)].filter(
      (finding) => finding !== null,
    )
    if (found.length === 0) return ok(name, 'none is parked, and none under way for long')
    return warn(
      name,
      found.map(({ detail }) => detail).join('; '),
      found.map(({ advice }) => advice).join('; '),
    )
  } catch (error) {
    return failure(name, error)
  }
}

type Finding = Record<'detail' | 'advice', string>

async function parkedOf(toygres: Toygres, bounds: CallOptions): Promise<Finding | null> {
  const parked = new Told()
  let first: Operation | undefined
  for await (const operation of toygres.operations.list({ state: 'parked', limit: pageSize }, bounds)) {
    first ??= operation
    parked.add(wordsFor(operation))
  }
  if (first === undefined) return null
  return {
    detail: `${parked.count} parked: ${parked.text}`,
    advice: `see why with "toygres ops get ${first.id}", then let it go on: "toygres ops retry ${first.id}"`,
  }
}

async function slowOf(toygres: Toygres, bounds: CallOptions): Promise<Finding | null> {
  const slow = new Told()
  let first: Operation | undefined
  for (const state of underWay)
    for await (const operation of toygres.operations.list({ state, limit: pageSize }, bounds)) {
      if (serverNow() - sinceOf(operation).getTime() < longMs) continue
      first ??= operation
      slow.add(wordsFor(operation))
    }
  if (first === undefined) return null
  return {
    detail: `${slow.count} under way for long: ${slow.text}`,
    advice: `see what it is at with "toygres ops get ${first.id}"${undoing(first)}`,
  }
}

/** A deletion cannot be undone, and what is being undone is. */
const undoing = ({ id, workflow, state }: Operation): string =>
  workflow === 'delete-instance' || state === 'undoing' ? '' : `, or undo it: "toygres ops cancel ${id}"`

const sinceOf = ({ retriedAt, createdAt }: Operation): Date => retriedAt ?? createdAt

const wordsFor = (operation: Operation): string =>
  `${operation.workflow} of ${operation.resourceName ?? operation.resourceId} for ${formatAge(sinceOf(operation))} (${whatItIsAt(operation)})`
