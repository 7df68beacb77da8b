import { hostname } from 'node:os'
import type { ISql } from 'postgres'
import { z } from 'zod'

/** The directory that has a provider's instances, by an id that goes along when it is moved. */
export interface HomeRef {
  readonly id: string
  readonly path: string
}

/** The instances in the database are on the disk of another home. */
export class AnotherHome extends Error {
  override readonly name = 'AnotherHome'
  constructor({ path, host }: { path: string; host: string }) {
    super(`the instances in the metadata database live in another home, ${path} on ${host}`)
  }
}

const Owner = z.object({ home_id: z.string(), path: z.string(), host: z.string() })

/**
 * Makes a home the one that has a provider's instances, the first that asks. Another one's control plane would look for
 * them on its own disk: it would find their data missing, and "delete" what runs on elsewhere.
 * @param takeOver the database itself is in that home, so a claim by another was copied along with it
 * @throws {AnotherHome}
 */
export async function claimHome(
  sql: ISql,
  { provider, home, takeOver }: { provider: string; home: HomeRef; takeOver: boolean },
): Promise<void> {
  await sql`
    insert into provider_homes as owner (provider, home_id, path, host) values (${provider}, ${home.id}, ${home.path}, ${hostname()})
    on conflict (provider) do update set home_id = excluded.home_id, path = excluded.path, host = excluded.host
    where owner.home_id = excluded.home_id or ${takeOver}`
  const [row] = await sql`select home_id, path, host from provider_homes where provider = ${provider}`
  const owner = Owner.parse(row)
  if (owner.home_id !== home.id) throw new AnotherHome(owner)
}
