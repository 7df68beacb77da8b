import type { Address, DiskUsage, InstanceProvider } from '@toygres/providers'
import type { Credentials } from '../instances/credentials.ts'
import { within } from '../within.ts'
import type { KeptConnections } from './kept-connections.ts'
import { openMonitorConnection, type MonitorConnection } from './monitor-connection.ts'
import { ensureMonitorRole } from './monitor-role.ts'
import type { Names } from '../names/names.ts'
import { askForItsSize, askHowItIs, type Answer } from './questions.ts'
import { failureOf, type Failure } from './reasons.ts'
import { probeTimeoutMs } from './timing.ts'

/** What a check is made of. */
export interface Target {
  readonly instanceId: string
  readonly name: string
  readonly address: Address
  readonly sealedMonitorPassword: Uint8Array | null
  readonly intervalMs: number
  /** Its size is due, too: that costs more than all the rest, and is no part of whether it is well. */
  readonly measure: boolean
}

/** How a check ended. A failed one is a result like another: it never throws. */
export interface ProbeResult {
  readonly failure: Failure | null
  readonly answer: Answer | null
  readonly disk: DiskUsage | null
  /** Told after the check, where it was due: the size of all databases, null where it could not be measured. Never rejects. */
  readonly databaseBytes?: Promise<number | null> | undefined
}

export type Probe = (target: Target) => Promise<ProbeResult>

/** The instance is well, or not, whatever its disk and its size are: what is slow to tell of them is left out. */
const diskTimeoutMs = 1000
const sizeTimeoutMs = 3000

/** So that what comes before and after it still fits into the check. */
const restoreTimeoutMs = 1500

/** PostgreSQL stops, and cannot even say why, some way before the last byte. */
const fullBelowBytes = 16 * 1024 * 1024

export interface ProberOptions {
  readonly provider: InstanceProvider
  readonly credentials: Credentials
  readonly kept: KeptConnections
  readonly names: Pick<Names, 'lookup'>
}

/** Asks an instance how it is, as a user would find out: connect, log in, ask. */
export function proberOf({ provider, credentials, kept, names: { lookup } }: ProberOptions): Probe {
  async function restoreMonitor({ instanceId, address }: Target, signal: AbortSignal): Promise<string> {
    const monitor = await credentials.monitorPassword(instanceId)
    const superuser = await credentials.reveal(instanceId)
    await ensureMonitorRole({ ...address, lookup }, { superuser, monitor }, signal)
    return monitor
  }

  /** The connection is measured with, where that is due, and kept for the next check. */
  function answeredOn(connection: MonitorConnection, target: Target, answer: Answer): Asked {
    const { instanceId, address, measure } = target
    const keep = () => kept.keep(instanceId, keyOf(address), connection)
    if (measure) return { answer, databaseBytes: measuredAndKept(connection, keep) }
    keep()
    return { answer }
  }

  async function logInAndAsk(target: Target, password: string, signal: AbortSignal): Promise<Asked> {
    const began = performance.now()
    const connection = await openMonitorConnection({ ...target.address, password, lookup }, signal)
    const answer = await askHowItIs(connection, signal)
    return answeredOn(connection, target, { ...answer, latencyMs: performance.now() - began })
  }

  async function askAfresh(target: Target, signal: AbortSignal): Promise<Asked> {
    const { instanceId, sealedMonitorPassword: sealed } = target
    // An instance of a Toygres that had no monitors yet has none.
    if (sealed === null) return logInAndAsk(target, await restoreMonitor(target, signal), signal)
    const password = credentials.openMonitorPassword(instanceId, sealed)
    return logInAndAsk(target, password, signal).catch(async (refused: unknown) => {
      if (failureOf(refused).reason !== 'auth') throw refused
      // Somebody dropped or changed the role: as the superuser it is put back.
      const restored = await within(restoreTimeoutMs, restoreMonitor(target, signal)).catch(() => null)
      // Its own password does not help either, or not in time: what was said first is the truth.
      if (restored === null) throw refused
      return logInAndAsk(target, restored, signal)
    })
  }

  async function ask(target: Target, signal: AbortSignal): Promise<Asked> {
    const known = kept.take(target.instanceId, keyOf(target.address))
    if (known === null) return askAfresh(target, signal)
    // That it was cut since the last check proves nothing: the server may be back already.
    const answer = await askHowItIs(known, signal).catch(() => null)
    return answer === null ? askAfresh(target, signal) : answeredOn(known, target, answer)
  }

  async function diskOf({ instanceId, name }: Target): Promise<DiskUsage | null> {
    const look = async () => (await provider.disk?.({ id: instanceId, name })) ?? null
    return within(diskTimeoutMs, look()).catch(() => null)
  }

  return async (target) => {
    const deadline = new AbortController()
    const looked = diskOf(target)
    try {
      const { answer, databaseBytes } = await within(
        probeTimeoutMs(target.intervalMs),
        ask(target, deadline.signal),
      )
      const disk = await looked
      return { answer, disk, failure: hiddenFailure(answer, disk), databaseBytes }
    } catch (error) {
      return { answer: null, disk: null, failure: failureOf(error) }
    } finally {
      // Cuts off whatever still waits; does nothing to a check that has ended.
      deadline.abort()
    }
  }
}

interface Asked {
  readonly answer: Answer
  readonly databaseBytes?: Promise<number | null>
}

async function measuredAndKept(connection: MonitorConnection, keep: () => void): Promise<number | null> {
  const bytes = await askForItsSize(connection, sizeTimeoutMs)
  if (bytes !== null) keep()
  return bytes
}

/** What a user meets although the monitor was answered. */
function hiddenFailure({ connections, maxConnections }: Answer, disk: DiskUsage | null): Failure | null {
  if (connections >= maxConnections)
    return {
      reason: 'too-many-connections',
      detail: `all ${maxConnections} connections that users may have are in use`,
    }
  if (disk !== null && disk.freeBytes < fullBelowBytes)
    return { reason: 'disk-full', detail: 'the disk under its data is full' }
  return null
}

const keyOf = ({ host, port }: Address): string => `${host}:${port}`
