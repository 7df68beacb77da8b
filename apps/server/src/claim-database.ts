import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { connect, withoutPassword } from '@toygres/control-plane'
import { z } from 'zod'
import type { Home } from './home.ts'
import { readStateFile, writeStateFile } from './state-file.ts'
import { UserError } from './user-error.ts'

const Identity = z.object({ id: z.uuid() })
const Claim = z.object({ id: z.uuid(), host: z.string(), path: z.string() })

/**
 * Makes this home the one that a database works for, or finds that it is. Local instances are on the home's own
 * disk: a control plane of another home would run their steps where they are not, and take them for gone.
 * @throws {UserError} when it works for another home
 */
export async function claimDatabase(home: Home, databaseUrl: string): Promise<void> {
  const { id } = await identityOf(home)
  const sql = connect(databaseUrl, { max: 1, applicationName: 'toygres up' })
  try {
    await sql`
      insert into local_home (id, host, path) values (${id}, ${hostname()}, ${home.path})
      on conflict (only_one) do update set host = excluded.host, path = excluded.path
      where local_home.id = excluded.id`
    const holder = Claim.parse((await sql`select id, host, path from local_home`)[0])
    if (holder.id !== id)
      throw new UserError(
        `the metadata database ${withoutPassword(databaseUrl)} has the instances of another home, ` +
          `${holder.path} on ${holder.host}: start with that home, or give this one a database of its own`,
      )
  } finally {
    await sql.end()
  }
}

async function identityOf(home: Home): Promise<z.infer<typeof Identity>> {
  const known = await readStateFile(home.identity, Identity)
  if (known) return known
  const identity = { id: randomUUID() }
  await writeStateFile(home.identity, identity)
  return identity
}
