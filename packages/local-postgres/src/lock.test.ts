import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withLock } from './lock.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'toygres-lock-'))
})
afterAll(() => rm(directory, { recursive: true }))

function runElsewhere(script: string) {
  const source = `import { withLock } from ${JSON.stringify(new URL('lock.ts', import.meta.url).href)}\n${script}`
  return spawn(
    process.execPath,
    ['--conditions=toygres-source', '--input-type=module-typescript', '-e', source],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
}

test('two in one process take turns', async () => {
  const seen: string[] = []
  const turn = (name: string) => async () => {
    seen.push(`${name} in`)
    await appendFile(join(directory, 'turns'), name)
    seen.push(`${name} out`)
  }
  const lock = join(directory, 'one-process')
  await Promise.all([withLock(lock, turn('a')), withLock(lock, turn('b'))])
  expect(seen).toEqual(['a in', 'a out', 'b in', 'b out'])
})

test('who waits for another in the same process can give up, and lets nobody past the holder', async () => {
  const lock = join(directory, 'impatient')
  const held = Promise.withResolvers<void>()
  let holderIsIn = true
  const holder = withLock(lock, () => held.promise.finally(() => (holderIsIn = false)))
  await expect(withLock(lock, async () => 'mine', { timeoutMs: 10 })).rejects.toThrow(/somebody else holds/)
  const abandoned = new AbortController()
  const waiting = withLock(lock, async () => 'mine', { signal: abandoned.signal })
  abandoned.abort(new Error('no longer needed'))
  await expect(waiting).rejects.toThrow('no longer needed')
  const patient = withLock(lock, async () => holderIsIn)
  held.resolve()
  expect(await patient).toBe(false)
  await holder
})

test('processes take turns', async () => {
  const lock = join(directory, 'many')
  const counter = join(directory, 'counter')
  await writeFile(counter, '0')
  const children = Array.from({ length: 4 }, () =>
    runElsewhere(`
      import { readFile, writeFile } from 'node:fs/promises'
      for (let i = 0; i < 10; i++) {
        await withLock(${JSON.stringify(lock)}, async () => {
          const n = Number(await readFile(${JSON.stringify(counter)}, 'utf8'))
          await writeFile(${JSON.stringify(counter)}, String(n + 1))
        })
      }`),
  )
  const codes = await Promise.all(children.map((child) => once(child, 'exit')))
  expect(codes.map(([code]) => code)).toEqual([0, 0, 0, 0])
  expect(await readFile(counter, 'utf8')).toBe('40')
})

test('a holder that is killed loses the lock', async () => {
  const lock = join(directory, 'killed')
  const child = runElsewhere(`
    await withLock(${JSON.stringify(lock)}, async () => {
      console.log('in')
      await new Promise(() => setInterval(() => {}, 1000))
    })`)
  await once(child.stdout, 'data')
  await expect(withLock(lock, async () => 'mine', { timeoutMs: 10 })).rejects.toThrow(/somebody else holds/)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await withLock(lock, async () => 'mine')).toBe('mine')
})

test('the claim of a process that is gone, or whose pid another has now, does not count', async () => {
  const lock = join(directory, 'stale')
  await writeFile(`${lock}.999999999-1`, '')
  await writeFile(`${lock}.${process.pid}-1`, '')
  expect(await withLock(lock, async () => 'mine')).toBe('mine')
})

test('an unused lock leaves nothing behind, also after a failure', async () => {
  const lock = join(directory, 'failing')
  await expect(
    withLock(lock, async () => {
      throw new Error('work failed')
    }),
  ).rejects.toThrow('work failed')
  expect((await readdir(directory)).filter((name) => name.startsWith('failing'))).toEqual([])
})
