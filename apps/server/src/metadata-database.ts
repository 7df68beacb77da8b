import { type KeptServer, keepServer, stopServer } from '@toygres/local-postgres'
import type { Home } from './home.ts'

export interface MetadataDatabase {
  readonly url: string
  readonly embedded: boolean
  /** Settles with the reason once our own one has ended for good. */
  readonly lost: Promise<Error>
  stop(): Promise<void>
}

export interface MetadataOptions {
  readonly databaseUrl: string | undefined
  readonly password: string
  /** Called when our own one had ended and was started again. */
  readonly onRestart: () => void
}

/** The metadata PostgreSQL: the one we were told to use, or our own, which outlives a `kill -9` of ours and is found again. */
export async function openMetadataDatabase(
  home: Home,
  { databaseUrl, password, onRestart }: MetadataOptions,
): Promise<MetadataDatabase> {
  if (databaseUrl !== undefined) return theirs(databaseUrl)
  const server = await keepServer({
    home: home.path,
    directory: home.metadata,
    major: '18',
    password,
    // Users of instances are superusers there, who can read and run what the instances' user can.
    user: 'toygres-metadata',
    settings: { shared_buffers: '64MB', max_connections: '100' },
    onRestart,
  })
  return ours(server, password)
}

const theirs = (url: string): MetadataDatabase => ({
  url,
  embedded: false,
  // Whoever runs it starts it again.
  lost: new Promise(() => {}),
  stop: async () => {},
})

const ours = ({ port, lost, stop }: KeptServer, password: string): MetadataDatabase => ({
  url: `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`,
  embedded: true,
  lost,
  stop,
})

/** Also for one that was left behind by a control plane that was killed. */
export const stopMetadataDatabase = (home: Home): Promise<boolean> => stopServer(`${home.metadata}/data`)
