import { connect, createApiKey, type ControlPlane } from '@toygres/control-plane'
import { z } from 'zod'
import type { Home } from './home.ts'
import { readStateFile, writeStateFile } from './state-file.ts'

const Client = z.object({ url: z.string(), apiKey: z.string() })

/**
 * Sees to it that the CLI on this machine can call: `client.json` with the address and an admin key.
 * A key that still works is kept; on the first run, or when the database knows it no longer, a new one is made.
 */
export async function writeClientFile(
  home: Home,
  url: string,
  controlPlane: ControlPlane,
  databaseUrl: string,
): Promise<void> {
  const kept = await readStateFile(home.client, Client)
  const works = kept !== null && (await controlPlane.authenticate(kept.apiKey)) !== null
  if (works && kept.url === url) return
  const apiKey = works ? kept.apiKey : await makeAdminKey(databaseUrl)
  await writeStateFile(home.client, { url, apiKey })
}

async function makeAdminKey(databaseUrl: string): Promise<string> {
  const sql = connect(databaseUrl, { max: 1, applicationName: 'toygres up' })
  try {
    return await createApiKey(sql, { name: 'admin', role: 'admin' })
  } finally {
    await sql.end()
  }
}
