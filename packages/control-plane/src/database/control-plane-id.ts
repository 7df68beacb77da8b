import { z } from 'zod'
import { connect } from './connect.ts'

const Identity = z.tuple([z.object({ id: z.uuid() })])

/** Of all control planes on this metadata database, which is migrated: what they make carries it. */
export async function controlPlaneId(databaseUrl: string): Promise<string> {
  const sql = connect(databaseUrl, { max: 1, applicationName: 'toygres' })
  try {
    const [{ id }] = Identity.parse(await sql`select id from control_plane`)
    return id
  } finally {
    await sql.end({ timeout: 5 })
  }
}
