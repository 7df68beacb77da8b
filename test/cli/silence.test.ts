import { afterAll, beforeAll, expect, test } from 'vitest'
import { toygres } from '../harness/control-plane/index.ts'
import { openSilentPort, type SilentPort } from '../harness/silent-port.ts'

let silent: SilentPort
beforeAll(async () => {
  silent = await openSilentPort()
})
afterAll(() => silent[Symbol.asyncDispose]())

const run = (...args: string[]) => toygres(args, { TOYGRES_URL: silent.url, TOYGRES_API_KEY: 'toygres_x' })

// Four attempts of 30 seconds each would not end in these tests' time.
const boundMs = 60_000

test.concurrent.for([['list'], ['status'], ['get', 'orders'], ['ops', 'list'], ['logs', 'orders']])(
  '"toygres %s" does not wait long for a control plane that says nothing, and says what to do',
  { timeout: boundMs },
  async (args) => {
    const { code, stdout, stderr } = await run(...args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`no answer from the control plane at ${silent.url} within 10 s`)
    expect(stderr).toContain('toygres doctor')
  },
)

test.concurrent.for([
  [['create', 'foo', '--timeout', '5s'], 5, 'toygres list'],
  [['create', 'foo', 'bar', '--timeout', '5s', '--idempotency-key', 'k'], 5, '--idempotency-key k'],
  [['keys', 'revoke', '01a20be126ef7384'], 30, 'may have been taken on all the same'],
] as const)(
  '"toygres %s" does not wait for longer than %i s, and says that it may have been taken on, and how to see',
  { timeout: boundMs },
  async ([args, seconds, advice]) => {
    const { code, stdout, stderr } = await run(...args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`no answer from the control plane within ${seconds} s`)
    expect(stderr).toContain(advice)
  },
)

test.concurrent.for([['name'], ['latency'], ['connections'], ['size']])(
  'top by %s ends like any other command where the control plane cannot be reached',
  async ([sort = '']) => {
    const env = { TOYGRES_URL: 'http://127.0.0.1:9', TOYGRES_API_KEY: 'toygres_x' }
    const { code, stderr } = await toygres(['top', '--sort', sort], env)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^toygres: cannot reach the control plane .*\n {2}start it with .*\n$/)
  },
)

interface Check {
  name: string
  state: string
  detail: string
  advice: string | null
}

test.concurrent(
  'doctor asks such a control plane everything at once, and tells its silence once',
  { timeout: boundMs },
  async () => {
    const { code, stdout } = await run('doctor', '-o', 'json')
    expect(code).toBe(1)
    const { checks } = JSON.parse(stdout) as { checks: Check[] }
    expect(checks.filter(({ state }) => state === 'fail').map(({ name }) => name)).toEqual(['server'])
    expect(checks.find(({ name }) => name === 'server')).toMatchObject({
      detail: expect.stringContaining('within 10 s'),
      advice: expect.stringContaining('another program'),
    })
  },
)
