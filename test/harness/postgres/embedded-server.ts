import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type PostgresMajor, runServer, stopServer } from '@toygres/local-postgres'
import { guard } from './guarded.ts'

export interface TestServer {
  readonly url: string
  /** Stops the server and removes everything it had. */
  stop(): Promise<void>
}

export interface EmbeddedServer extends TestServer {
  /** Cuts every connection, with no word and no checkpoint, and starts again after `awayMs` milliseconds. */
  restart(options?: { readonly awayMs?: number }): Promise<void>
}

/** Nothing a test does has to survive a loss of power, except where that is what it tests. */
export const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** A PostgreSQL of our own in a temporary directory. It ends soon after this process does, however that ends. */
export async function embeddedServer(
  options: { readonly major?: PostgresMajor; readonly fsync?: boolean } = {},
): Promise<EmbeddedServer> {
  const { major = '18', fsync = false } = options
  const home = await mkdtemp(join(tmpdir(), 'toygres-test-'))
  const directory = join(home, 'server')
  const guarded = await guard({ home, dataDirectory: join(directory, 'data') })
  try {
    const password = randomBytes(16).toString('hex')
    const settings = { max_connections: '300', shared_buffers: '64MB', ...(fsync ? {} : careless) }
    const run = (at?: { port: number }) => runServer({ home, directory, major, password, settings, ...at })
    const { port, dataDirectory } = await run()
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      async restart({ awayMs = 0 } = {}) {
        await stopServer(dataDirectory, { mode: 'immediate' })
        await new Promise((resolve) => setTimeout(resolve, awayMs))
        await run({ port })
      },
      stop: guarded.release,
    }
  } catch (error) {
    await guarded.release()
    throw error
  }
}
