import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { operation } from '@toygres/api/testing'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { built, installSdk, type Installed } from './installed-sdk.ts'
import { oldestNode } from './oldest-node.ts'
import { serveSmallControlPlane } from './small-control-plane.ts'

// Needs the build: `npx turbo run build --filter=@toygres/sdk`.

let installed: Installed
beforeAll(async () => {
  installed = await installSdk()
}, 60_000)
afterAll(() => installed[Symbol.asyncDispose]())

const node20 = await oldestNode()
const browser = '/usr/bin/chromium'

/** What project/story.mjs comes to: calls, streams, dates and errors, as they arrive. */
const expected = {
  seen: [1, 2, 3],
  state: 'succeeded',
  created: true,
  refused: { name: 'NotFoundError', code: 'INSTANCE_NOT_FOUND' },
}

test('it runs as installed: calls, streams, dates, errors', async () => {
  await using served = await serveSmallControlPlane()
  const printed = await installed.run(join(installed.folder, 'run.mjs'), served.url, 'admin', operation.id)
  expect(JSON.parse(printed)).toEqual(expected)
})

test.skipIf(node20 === null)('it runs by Node 20, which is the oldest that it is for', async () => {
  await using served = await serveSmallControlPlane()
  const run = join(installed.folder, 'run.mjs')
  const printed = await installed.runBy(node20 ?? '', run, served.url, 'admin', operation.id)
  expect(JSON.parse(printed)).toEqual(expected)
})

test.skipIf(!existsSync(browser))(
  'it runs in a browser, in a page that comes from the control plane',
  async () => {
    await using served = await serveSmallControlPlane({
      '/page.html': await readFile(join(installed.folder, 'page.html')),
      '/sdk/story.mjs': await readFile(join(installed.folder, 'story.mjs')),
      '/sdk/index.js': await readFile(join(built, 'index.js')),
    })
    const chrome = await chromium.launch({
      executablePath: browser,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    })
    try {
      const page = await chrome.newPage()
      await page.goto(`${served.url}/page.html#${operation.id}`)
      expect(JSON.parse((await page.locator('output').textContent()) ?? '')).toEqual(expected)
    } finally {
      await chrome.close()
    }
  },
)
