import { runServer, stopServer } from '@toygres/local-postgres'
import type { Home } from './home.ts'

export interface MetadataDatabase {
  readonly url: string
  readonly embedded: boolean
  stop(): Promise<void>
}

/** The metadata PostgreSQL: the one we were told to use, or our own, which outlives a `kill -9` of ours and is found again. */
export async function openMetadataDatabase(
  home: Home,
  { databaseUrl, password }: { databaseUrl: string | undefined; password: string },
): Promise<MetadataDatabase> {
  if (databaseUrl !== undefined) return { url: databaseUrl, embedded: false, stop: async () => {} }
  const settings = { shared_buffers: '64MB', max_connections: '100' }
  const server = await runServer({
    home: home.path,
    directory: home.metadata,
    major: '18',
    password,
    settings,
  })
  return {
    url: `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${server.port}/postgres`,
    embedded: true,
    stop: () => stopMetadataDatabase(home).then(() => {}),
  }
}

/** Also for one that was left behind by a control plane that was killed. */
export const stopMetadataDatabase = (home: Home): Promise<boolean> => stopServer(`${home.metadata}/data`)
