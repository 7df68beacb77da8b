import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { openApi } from '../contract/open-api.ts'
import { installSdk } from './installed-sdk.ts'

// Needs the build: `npx turbo run build --filter=@toygres/sdk`.

const { resolve } = createRequire(import.meta.url)
const driver = (name: string) => pathToFileURL(resolve(name)).href

test('as installed it makes, lists, watches, changes and deletes instances, and both drivers log in by what it tells', async () => {
  await using api = await openApi()
  await using installed = await installSdk()
  const script = join(installed.folder, 'real.mjs')
  const key = await api.key('operator')
  const printed = await installed.run(script, api.url, key, driver('postgres'), driver('pg'))
  const login = { who: 'postgres', answer: 42 }
  expect(JSON.parse(printed)).toEqual({
    steps: ['reserve', 'deploy', 'await-ready', 'verify', 'mark-running'],
    state: 'running',
    listed: ['orders'],
    seen: 'orders',
    taken: [true, 'INSTANCE_NAME_TAKEN'],
    missing: [true, 'INSTANCE_NOT_FOUND'],
    stale: [true, 'ETAG_MISMATCH'],
    byPostgres: login,
    byPg: login,
    temporary: 42,
    removed: 'INSTANCE_NOT_FOUND',
  })
  expect(await api.query('instances.list', {})).toMatchObject({ data: { items: [] } })
})
