import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
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
  expect(stderr).toMatch(
    /^toygres: .*http:\/\/127\.0\.0\.1:9.*\n {2}start it with "toygres up", or see .+ "toygres doctor"\n$/,
  )
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

test("this machine's key is sent to no other control plane", async () => {
  const requests: (string | undefined)[] = []
  const stranger = createServer(({ headers }, response) => {
    requests.push(headers.authorization)
    response.end('{}')
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void stranger.close())
  await once(stranger, 'listening')
  const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`

  await put('{"url":"http://127.0.0.1:9","apiKey":"toygres_x"}')
  const { code, stderr } = await list({ TOYGRES_URL: url })
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /^toygres: TOYGRES_URL is not the control plane of .*\n {2}set TOYGRES_API_KEY .*\n$/,
  )
  expect(requests).toEqual([])
  // That it would have been seen: with a key for it, the call is made.
  await list({ TOYGRES_URL: url, TOYGRES_API_KEY: 'toygres_y' })
  expect(requests).toContain('Bearer toygres_y')
})

test('the same control plane named anew is called with its key', async () => {
  await put('{"url":"http://127.0.0.1:9","apiKey":"toygres_x"}')
  const { stderr } = await list({ TOYGRES_URL: 'http://127.0.0.1:9/' })
  expect(stderr).toContain('start it with "toygres up"')
})
