import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runServer, stopServer } from '@toygres/local-postgres'
import { guard } from './guarded.ts'

/** A PostgreSQL of one test's own, to be taken away from those who use it. */
export interface RestartableServer extends AsyncDisposable {
  readonly url: string
  /** At once, as a crash does. */
  stop(): Promise<void>
  /** Again, at the same address. */
  start(): Promise<void>
}

const password = 'of-a-server-that-lives-for-a-test'

export async function restartableServer(): Promise<RestartableServer> {
  const home = await mkdtemp(join(tmpdir(), 'toygres-restart-'))
  const directory = join(home, 'server')
  const guarded = await guard({ home, dataDirectory: join(directory, 'data') })
  const run = (port?: number) =>
    runServer({ home, directory, major: '18', password, ...(port !== undefined && { port }) })
  const { port, dataDirectory } = await run()
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    stop: async () => void (await stopServer(dataDirectory, { mode: 'immediate' })),
    start: async () => void (await run(port)),
    [Symbol.asyncDispose]: guarded.release,
  }
}
