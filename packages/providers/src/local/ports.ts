import { readlink, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { InstanceId } from '@toygres/schema'
import { errnoOf, isPortFree, makePrivateDirectory, namesIn } from '@toygres/local-postgres'
import { ProviderError } from '../provider.ts'

/** First and last port that instances may get. */
export interface PortRange {
  readonly first: number
  readonly last: number
}

/** Below the ports that systems give to clients (from 32768 on Linux), of which any may be somebody's at any moment. */
export const defaultPortRange: PortRange = { first: 25_432, last: 26_431 }

/**
 * Who has which port, as one symbolic link per port whose text is the owner's id: made with its content or
 * not at all, by one process or another, never by two.
 */
export interface PortReservations {
  /**
   * The port that the instance holds already, else the lowest that neither an instance nor a foreign program has.
   * @throws {ProviderError} NO_FREE_PORT
   */
  reserve(id: InstanceId): Promise<number>
  /**
   * One more, beside those that the instance holds.
   * @throws {ProviderError} NO_FREE_PORT
   */
  reserveAnother(id: InstanceId): Promise<number>
  /** Gives up every port of the instance, but for one to keep. */
  release(id: InstanceId, keep?: number): Promise<void>
  of(id: InstanceId): Promise<number[]>
  owners(): Promise<string[]>
}

export function portReservations(directory: string, range: PortRange): PortReservations {
  const pathOf = (port: number | string) => join(directory, String(port))

  const all = async (): Promise<{ port: number; owner: string }[]> => {
    const found = []
    for (const name of await namesIn(directory)) {
      const owner = await readlink(pathOf(name)).catch(() => null)
      if (owner !== null) found.push({ port: Number(name), owner })
    }
    return found
  }

  const of = async (id: InstanceId) =>
    (await all()).filter(({ owner }) => owner === id).map(({ port }) => port)

  const claimLowest = async (id: InstanceId, taken: ReadonlySet<number>) => {
    await makePrivateDirectory(directory)
    for (let port = range.first; port <= range.last; port++) {
      if (taken.has(port) || !(await isPortFree(port))) continue
      if (await claim(pathOf(port), id)) return port
    }
    throw new ProviderError(
      'NO_FREE_PORT',
      `no port from ${range.first} to ${range.last} is free: delete an instance, or give the provider a larger range`,
      { permanent: false },
    )
  }

  const portsIn = (reservations: readonly { port: number }[]) => new Set(reservations.map(({ port }) => port))

  return {
    of,
    reserve: async (id) => {
      const reserved = await all()
      const own = reserved.find(({ owner }) => owner === id)
      return own?.port ?? (await claimLowest(id, portsIn(reserved)))
    },
    reserveAnother: async (id) => claimLowest(id, portsIn(await all())),
    release: async (id, keep) => {
      const given = (await of(id)).filter((port) => port !== keep)
      for (const port of given) await rm(pathOf(port), { force: true })
    },
    owners: async () => (await all()).map(({ owner }) => owner),
  }
}

async function claim(path: string, id: InstanceId): Promise<boolean> {
  try {
    await symlink(id, path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
}
