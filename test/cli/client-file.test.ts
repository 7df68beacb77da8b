import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toygres } from '../harness/control-plane/index.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'toygres-cli-'))
})
afterEach(() => rm(home, { recursive: true }))

const list = (env: NodeJS.ProcessEnv = {}) => toygres(['list'], { TOYGRES_HOME: home, ...env })
const put = (text: string) => writeFile(join(home, 'client.json'), text)

test('before the first "up", it says so', async () => {
  const { code, stderr } = await list()
  expect(code).toBe(1)
  expect(stderr).toMatch(/^toygres: no control plane has run here yet.*\n {2}run "toygres up" first.*\n$/)
})

test.for(['', '{', '[]', '{"url":"nowhere","apiKey":"x"}', '{"url":"http://127.0.0.1:1"}'])(
  'a client.json that is %j is named, and how to repair it',
  async (text) => {
    await put(text)
    const { code, stderr } = await list()
    expect(code).toBe(1)
    expect(stderr).toContain(`${join(home, 'client.json')} is not valid`)
    expect(stderr).not.toMatch(/^\s+at /m)
  },
)

test('a control plane that does not run is one line, and how to start it', async () => {
  await put('{"url":"http://127.0.0.1:9","apiKey":"toygres_x"}')
  const { code, stderr } = await list()
  expect(code).toBe(1)
  expect(stderr).toMatch(/^toygres: .*http:\/\/127\.0\.0\.1:9.*\n {2}start it with "toygres up"\n$/)
})

test('the environment wins over the file', async () => {
  await put('{')
  const { code, stderr } = await list({
    TOYGRES_URL: 'http://127.0.0.1:9',
    TOYGRES_API_KEY: 'toygres_x',
  })
  expect(code).toBe(1)
  expect(stderr).toContain('http://127.0.0.1:9')
})
