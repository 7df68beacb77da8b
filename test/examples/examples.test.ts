import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApi, type OpenApi } from '../contract/open-api.ts'

// Needs the build, as users do: `npx turbo run build --filter=@toygres/sdk`.

const folder = join(import.meta.dirname, '../../examples')

let api: OpenApi
beforeAll(async () => {
  api = await openApi()
})
afterAll(() => api[Symbol.asyncDispose]())

/** What each prints, against a control plane that makes real servers. */
const prints = {
  'first-instance.ts': ['example-first says 42', 'example-first is deleted'],
  'with-pg.ts': ['pg is logged in as postgres'],
  'many.ts': [
    'example-a: succeeded',
    'example-b: succeeded',
    'refused: INSTANCE_NAME_TAKEN',
    'example-a example-b',
  ],
  'watch.ts': ['asked twice, made once', 'refused: INSTANCE_NAME_TAKEN', 'example-watched runs'],
}

test.each(Object.entries(prints))('%s runs, and leaves nothing', async (file, lines) => {
  const env = { ...process.env, TOYGRES_URL: api.url, TOYGRES_API_KEY: await api.key('operator') }
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, file)], { env })
  expect(stdout.trimEnd().split('\n')).toEqual(lines)
  expect(await api.query('instances.list', {})).toMatchObject({ data: { items: [] } })
})

test('every example is run here', async () => {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts'))
  expect(files.toSorted()).toEqual(Object.keys(prints).toSorted())
})
