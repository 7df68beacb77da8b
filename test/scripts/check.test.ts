import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const check = fileURLToPath(new URL('../../scripts/check.ts', import.meta.url))

/** How `./toygres test` ends over one test file with this in it: its exit code, its last line, and all that it said. */
async function verdictOn(source: string): Promise<{ code: unknown; last: string | undefined; said: string }> {
  const root = await mkdtemp(join(tmpdir(), 'toygres-check-test-'))
  try {
    await writeFile(join(root, 'some.test.js'), source)
    const child = spawn(process.execPath, [check, `--root=${root}`, '--globals'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, VITEST: undefined, NO_COLOR: '1' },
    })
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
    return { code, last: said.trimEnd().split('\n').at(-1), said }
  } finally {
    await rm(root, { recursive: true })
  }
}

test.for([
  [`test('holds', () => {})`, 0, '1 passed, 0 failed, 0 skipped'],
  [`test('breaks', () => { throw new Error('no') })`, 1, '0 passed, 1 failed, 0 skipped'],
  [
    `test('loses an error', () => { void Promise.reject(new Error('lost')) })`,
    1,
    '1 passed, 1 failed, 0 skipped',
  ],
  // As a machine that is too busy makes some: named, and no reason to end with 1.
  [
    `const { existsSync, writeFileSync } = require('node:fs')
     test('breaks once', () => { if (!existsSync(__filename + '.ran')) { writeFileSync(__filename + '.ran', ''); throw new Error('no') } })`,
    0,
    '1 passed, 0 failed, 0 skipped',
  ],
  // What could not be tried is not held for passed by what passes at the second time.
  [
    `const { existsSync, writeFileSync } = require('node:fs')
     test('breaks once', () => { if (!existsSync(__filename + '.ran')) { writeFileSync(__filename + '.ran', ''); throw new Error('no') } })
     describe('a group', () => { beforeAll(() => { throw new Error('no') }); test('is never tried', () => {}) })`,
    1,
    '1 passed, 1 failed, 1 skipped',
  ],
  // Another test that breaks at the second time is no less broken.
  [
    `const { existsSync, writeFileSync } = require('node:fs')
     const isFirst = !existsSync(__filename + '.ran')
     writeFileSync(__filename + '.ran', '')
     test('breaks once', () => { if (isFirst) throw new Error('no') })
     test('breaks later', () => { if (!isFirst) throw new Error('no') })`,
    1,
    '2 passed, 1 failed, 0 skipped',
  ],
  [`this is not JavaScript`, 1, '0 passed, 1 failed, 0 skipped'],
] as const)('a run of %s ends with %i', async ([source, code, last]) => {
  expect(await verdictOn(source)).toMatchObject({ code, last })
})

test('what failed is told at the end, with what was expected and what came', async () => {
  const { said } = await verdictOn(`test('differs', () => expect(['one']).toEqual([]))`)
  expect(said).toMatch(
    /\nFAILED: .*differs\nAssertionError: [\s\S]*\n- \[\]\n\+ \[\n\+ +"one",\n\+ \]\n0 passed, 1 failed, 0 skipped\n$/,
  )
})
