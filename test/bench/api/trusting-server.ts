import postgres from 'postgres'
import { embeddedServer, type EmbeddedServer } from '../../harness/postgres/index.ts'

export interface TrustingServer extends Pick<EmbeddedServer, 'stop'> {
  readonly address: { readonly host: string; readonly port: number }
}

/** A PostgreSQL that lets everybody in from this machine: the instance that every instance is. */
export async function trustingServer(): Promise<TrustingServer> {
  const server = await embeddedServer()
  const sql = postgres(server.url, { max: 1, onnotice: () => {} })
  const [row] = await sql<{ file: string }[]>`select current_setting('hba_file') as file`
  await sql.unsafe(`copy (select 'host all all 127.0.0.1/32 trust') to '${row?.file}'`)
  await sql`select pg_reload_conf()`
  await sql.end()
  return { address: { host: '127.0.0.1', port: Number(new URL(server.url).port) }, stop: server.stop }
}
