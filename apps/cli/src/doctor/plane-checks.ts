import type { SystemStatus, Toygres } from '@toygres/sdk'
import { explain } from '../explain.ts'
import { fail, ok, warn, type Check } from './check.ts'

// What the control plane says of itself.

/** Milliseconds that two clocks may be apart: the header counts whole seconds. */
const tolerableMs = 5_000

export async function checkServer(toygres: Toygres, ownVersion: string): Promise<Check> {
  const name = 'server'
  try {
    const { status, version } = await toygres.system.health()
    if (status !== 'ok')
      return fail(
        name,
        'it answers, and its metadata database does not',
        'its own one starts again by itself; otherwise start the PostgreSQL of --database-url',
      )
    return version === ownVersion
      ? ok(name, `it answers, version ${version}`)
      : warn(
          name,
          `it has version ${version}, this program ${ownVersion}`,
          'restart it with this version: "toygres down", then "toygres up --detach"',
        )
  } catch (error) {
    return failure(name, error)
  }
}

/** By the time that its answers carry. */
export async function checkClock(url: string): Promise<Check> {
  const name = 'clock'
  try {
    const { headers } = await fetch(`${url.replace(/\/+$/, '')}/health`, {
      signal: AbortSignal.timeout(tolerableMs),
    })
    const theirs = Date.parse(headers.get('date') ?? '')
    if (Number.isNaN(theirs))
      return warn(name, 'its answers carry no time', 'look for a proxy that takes it away')
    const apartMs = Math.abs(Date.now() - theirs)
    return apartMs <= tolerableMs
      ? ok(name, 'this machine and the control plane agree')
      : warn(
          name,
          `this machine and the control plane are ${Math.round(apartMs / 1000)} s apart`,
          'set the clocks by NTP: ages and expiries are wrong by that',
        )
  } catch {
    return { name, state: 'skip', detail: 'it does not answer', advice: null }
  }
}

/** With what the key shows, for the checks that come after. */
export async function checkKey(
  toygres: Toygres,
  source: string,
): Promise<readonly [Check, SystemStatus | null]> {
  const name = 'key'
  try {
    const status = await toygres.system.status()
    return [ok(name, `the key of ${source} is good`), status]
  } catch (error) {
    return [failure(name, error), null]
  }
}

export function checkDatabase({ database, versions, queue }: SystemStatus): Check {
  const name = 'database'
  const detail = `PostgreSQL ${versions.database}${database.embedded ? ', its own' : ` at ${database.url}`}, migration ${versions.migration}`
  const waits = queue.ready > 100 && queue.active === 0
  return waits
    ? warn(
        name,
        `${detail}; ${queue.ready} jobs wait and none runs`,
        'see the log of the control plane: its worker seems to be stuck',
      )
    : ok(name, detail)
}

export async function checkProvider(
  toygres: Toygres,
  { provider, providerError }: SystemStatus,
): Promise<Check> {
  const name = 'provider'
  // A control plane of before says nothing of it.
  if (providerError) return fail(name, `${provider}; ${providerError.message}`, adviceOn(providerError.code))
  try {
    const { items } = await toygres.drift.list({ limit: 200 })
    const forPeople = items.filter(({ repairAfter }) => repairAfter === null)
    if (forPeople.length > 0)
      return warn(
        name,
        `${provider}; ${forPeople.length} differences need you`,
        'see them with "toygres drift list"',
      )
    return ok(
      name,
      items.length === 0
        ? `${provider}; everything is as it should be`
        : `${provider}; ${items.length} differences are being repaired`,
    )
  } catch (error) {
    return failure(name, error)
  }
}

/** Instances run on, and operations wait: it is for whoever looks after the place. */
function adviceOn(code: string): string {
  switch (code) {
    case 'CREDENTIALS_REFUSED':
      return 'renew the credentials in the kubeconfig of the control plane, then restart it'
    case 'PERMISSION_DENIED':
      return 'grant the roles of docs/kubernetes.md: "kubectl apply -f docker/kubernetes/rbac.yaml"'
    default:
      return 'see "kubectl cluster-info" on the machine of the control plane; operations wait and go on when it answers'
  }
}

export async function checkInstances(toygres: Toygres, { instances }: SystemStatus): Promise<Check> {
  const name = 'instances'
  try {
    const { items } = await toygres.instances.list({ limit: 200 })
    const ill = items.filter(
      ({ state, healthStatus }) =>
        state === 'failed' || (state === 'running' && healthStatus === 'unhealthy'),
    )
    const [first] = ill
    if (first !== undefined)
      return warn(
        name,
        `${ill.length} failed or unhealthy: ${ill
          .map((one) => one.name)
          .slice(0, 5)
          .join(', ')}`,
        `see why: "toygres health get ${first.name}", "toygres events ${first.name}"`,
      )
    return ok(name, `${instances['running'] ?? 0} running, none unhealthy`)
  } catch (error) {
    return failure(name, error)
  }
}

export async function checkOperations(toygres: Toygres): Promise<Check> {
  const name = 'operations'
  try {
    const { items } = await toygres.operations.list({ state: 'parked', limit: 200 })
    const [first] = items
    return first === undefined
      ? ok(name, 'none is parked')
      : warn(
          name,
          `${items.length} parked`,
          `see why with "toygres ops get ${first.id}", then let it go on: "toygres ops retry ${first.id}"`,
        )
  } catch (error) {
    return failure(name, error)
  }
}

function failure(name: string, error: unknown): Check {
  const { message, hint } = explain(error)
  return fail(name, message, hint ?? 'see the log of the control plane')
}
