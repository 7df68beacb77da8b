import { hostname } from 'node:os'
import { connect, replaceHomeKey, type ControlPlane, type HomeRef } from '@toygres/control-plane'
import { z } from 'zod'
import type { Home } from './home.ts'
import { readStateFile, writeStateFile } from './state-file.ts'

const Client = z.object({ url: z.string(), apiKey: z.string() })

/** As the commands say it that read it. */
const whatToDo = 'repair it, or remove it and run "toygres up", which writes it anew'

/**
 * Sees to it that the CLI on this machine can call: `client.json` with the address and an admin key.
 * A key that still works is kept; on the first run, or when it is lost or no longer good, a new one is made, and the one
 * before is revoked.
 */
export async function writeClientFile(
  home: Home,
  url: string,
  controlPlane: ControlPlane,
  databaseUrl: string,
  homeRef: HomeRef,
): Promise<void> {
  const kept = await readStateFile(home.client, Client, whatToDo)
  const works = kept !== null && (await controlPlane.authenticate(kept.apiKey)) !== null
  if (works && kept.url === url) return
  const apiKey = works ? kept.apiKey : await makeAdminKey(databaseUrl, homeRef)
  await writeStateFile(home.client, { url, apiKey })
}

async function makeAdminKey(databaseUrl: string, { id, path }: HomeRef): Promise<string> {
  const sql = connect(databaseUrl, { max: 1, applicationName: 'toygres up' })
  try {
    return await replaceHomeKey(sql, { homeId: id, name: `${path} on ${hostname()}` })
  } finally {
    await sql.end()
  }
}
