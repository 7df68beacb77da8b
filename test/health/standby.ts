import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { installPostgres, startServer } from '@toygres/local-postgres'
import { onTestFinished } from 'vitest'
import { freePort } from '../harness/free-port.ts'
import { guard } from '../harness/postgres/guarded.ts'
import type { Watched } from './watched.ts'

export interface Standby {
  readonly port: number
  /** What it waits for in its archive comes: it recovers, and can be asked from then on. */
  recover(): Promise<void>
}

/** A real standby of an instance, from a cold copy of its data, that waits for its archive before it recovers. */
export async function startStandbyOf({ domain, id }: Watched): Promise<Standby> {
  const home = await mkdtemp(join(tmpdir(), 'toygres-standby-'))
  const dataDirectory = join(home, 'data')
  const guarded = await guard({ home, dataDirectory })
  onTestFinished(() => guarded.release())
  const installation = await installPostgres(domain.home, '18')
  await domain.restart(async () => {
    await domain.stopServers()
    // With their owner, which is not us.
    await promisify(execFile)('cp', ['-a', `${domain.home}/instances/${id}/data`, dataDirectory])
  })
  await promisify(execFile)('chmod', ['711', home])
  const archive = join(home, 'archive')
  await mkdir(archive, { mode: 0o755 })
  await writeFile(join(dataDirectory, 'standby.signal'), '')
  await rm(join(dataDirectory, 'postmaster.pid'), { force: true })
  const port = await freePort()
  await startServer(installation, {
    dataDirectory,
    logDirectory: join(home, 'log'),
    startupLog: join(home, 'startup.log'),
    port,
    settings: { restore_command: `until test -e ${archive}/open; do sleep 0.1; done; false` },
  })
  return { port, recover: () => writeFile(join(archive, 'open'), '') }
}
