import type { InstanceId } from '@toygres/schema'
import { findServer, processIdentity } from '@toygres/local-postgres'
import type { Places } from './places.ts'

/** Nothing wakes us when a process dies that is not our child, so each is looked for this often: one small read a server. */
const everyMs = 1000

export interface DeathWatch extends Disposable {
  /** Learns which server the instance has now. */
  look(id: InstanceId): Promise<void>
}

/** Tells when a server dies by force that another process started, which changes no file: after a restart of the control plane, all of them. */
export function watchDeaths(places: Places, onDeath: (id: InstanceId) => void): DeathWatch {
  const alive = new Map<InstanceId, { pid: number; identity: string }>()
  let looking = false

  async function look(id: InstanceId): Promise<void> {
    const server = await findServer(places.instance(id).data).catch(() => null)
    const identity = server && (await processIdentity(server.pid))
    if (server && identity) alive.set(id, { pid: server.pid, identity })
    else alive.delete(id)
  }

  async function lookForDeaths(): Promise<void> {
    for (const [id, { pid, identity }] of alive) {
      if ((await processIdentity(pid)) === identity) continue
      alive.delete(id)
      onDeath(id)
    }
  }

  const timer = setInterval(() => {
    if (looking) return
    looking = true
    void lookForDeaths().finally(() => (looking = false))
  }, everyMs)
  return { look, [Symbol.dispose]: () => clearInterval(timer) }
}
