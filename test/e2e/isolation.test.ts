import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startControlPlane } from '../harness/control-plane/index.ts'
import { ask } from '../harness/domain/index.ts'

vi.setConfig({ testTimeout: 180_000 })

test.skipIf(process.getuid?.() !== 0)(
  'as root, the users of an instance can neither read nor stop the metadata PostgreSQL (needs root, for users of their own)',
  async () => {
    await using plane = await startControlPlane()
    const url = (await plane.cli('create', 'curious')).stdout.trim()
    const data = join(plane.home, 'metadata/data')
    await expect(ask(url, `select pg_read_file('${data}/pg_hba.conf')`)).rejects.toThrow(/Permission denied/)
    await expect(ask(url, `select pg_read_file('${plane.home}/secrets.json')`)).rejects.toThrow(
      /Permission denied/,
    )
    const run = (program: string) => ask(url, `copy (select 1) to program '${program}'`)
    const postmaster = Number.parseInt(await readFile(join(data, 'postmaster.pid'), 'utf8'), 10)
    await run('cat >/dev/null')
    await expect(run(`kill -INT ${postmaster}`)).rejects.toThrow(/program .* failed/)
    expect((await plane.cli('list')).code).toBe(0)
    // The instance's own files it can read: that is what being its superuser means.
    const [own] = await ask(url, `select current_setting('data_directory') as path`)
    const { path } = own as { path: string }
    expect((await stat(path)).uid).not.toBe((await stat(data)).uid)
  },
)
