import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { run } from './command.ts'
import { removeTree } from './directories.ts'
import { processIdentity } from './process-identity.ts'

test('a program that is given up is gone when its caller hears of it, also one that hears nothing any more', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'toygres-command-'))
  const pidFile = join(directory, 'pid')
  try {
    const given = new AbortController()
    const deaf = run('sh', ['-c', `trap '' TERM; echo $$ > "$1"; kill -STOP $$`, 'sh', pidFile], {
      account: null,
      writesBelow: directory,
      signal: given.signal,
    })
    await expect.poll(() => readFile(pidFile, 'utf8').catch(() => '')).toMatch(/\d\n/)
    const pid = Number(await readFile(pidFile, 'utf8'))
    given.abort(new Error('given up'))
    await expect(deaf).rejects.toThrow('given up')
    expect(await processIdentity(pid)).toBeNull()
  } finally {
    await removeTree(directory)
  }
})
