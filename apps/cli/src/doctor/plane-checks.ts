import type { CallOptions, SystemStatus, Toygres } from '@toygres/sdk'
import { explain } from '../explain.ts'
import { fail, ok, skip, warn, type Check } from './check.ts'

// What the control plane says of itself.

/** Milliseconds that two clocks may be apart: the header counts whole seconds. */
const tolerableMs = 5_000

export async function checkServer(toygres: Toygres, ownVersion: string, bounds: CallOptions): Promise<Check> {
  const name = 'server'
  try {
    const { status, version } = await toygres.system.health(bounds)
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
    const { code, message, requestId } = explain(error)
    if (code !== 'UNAVAILABLE' || requestId !== undefined) return failure(name, error)
    return fail(
      name,
      message,
      'see its log below $TOYGRES_HOME/logs and restart it ("toygres down", then "toygres up --detach"), if it is not another program that listens there',
    )
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
    return skip(name, 'it does not answer')
  }
}

/** With what the key shows, for the checks that come after; null where it may not see that. */
export async function checkKey(
  toygres: Toygres,
  source: string,
  bounds: CallOptions,
): Promise<readonly [Check, SystemStatus | null]> {
  const name = 'key'
  try {
    const status = await toygres.system.status(bounds)
    return [ok(name, `the key of ${source} is good`), status]
  } catch (error) {
    if (isDenied(error)) return [ok(name, `the key of ${source} is good, for one project`), null]
    const { detail, ...why } = failure(name, error)
    return [{ ...why, detail: `${detail} (the key of ${source})` }, null]
  }
}

export function checkDatabase(status: SystemStatus | null): Check {
  const name = 'database'
  if (status === null) return notForThisKey(name)
  const { database, versions, queue } = status
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

export function checkProvider(status: SystemStatus | null): Check {
  const name = 'provider'
  if (status === null) return notForThisKey(name)
  const { provider, providerError } = status
  // A control plane of before says nothing of it.
  if (!providerError) return ok(name, provider)
  return fail(name, `${provider}; ${providerError.message}`, adviceOn(providerError.code))
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

/** What kept a check from being made. */
export function failure(name: string, error: unknown): Check {
  if (isDenied(error)) return notForThisKey(name)
  if (error instanceof Error && error.name === 'TimeoutError')
    return fail(
      name,
      'the control plane did not tell it in time',
      'see with "toygres activity" what keeps it busy',
    )
  const { message, hint } = explain(error)
  return fail(name, message, hint ?? 'see the log of the control plane')
}

const isDenied = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'PERMISSION_DENIED'

const notForThisKey = (name: string): Check => skip(name, 'not for this key')
