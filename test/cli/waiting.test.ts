import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { freePort } from '../harness/free-port.ts'
import { holdCreates } from '../harness/hold-creates.ts'
import { createEmptyDatabase, type TestDatabase } from '../harness/postgres/index.ts'
import { until } from '../harness/until.ts'
import { start, startOnTerminal } from './running.ts'

const hasScript = await promisify(execFile)('script', ['--version']).then(
  () => true,
  () => false,
)

let plane: TestControlPlane
let database: TestDatabase
beforeAll(async () => {
  database = await createEmptyDatabase()
  // One that it has again after a restart.
  const port = await freePort()
  plane = await startControlPlane({ args: ['--database-url', database.url, '--port', String(port)] })
}, 180_000)
afterAll(async () => {
  await plane[Symbol.asyncDispose]()
  await database.drop()
})

async function stateOf(name: string): Promise<string> {
  return (await (await plane.sdk()).instances.get(name)).state
}

test('SIGINT ends the waiting, not the operation, and says how to wait for it again', async () => {
  let id = ''
  {
    await using _ = await holdCreates(database.url)
    await using create = start(['create', 'patient'], plane.env)
    await create.says('Creating patient')
    create.send('SIGINT')
    expect(await create.ended()).toBe(130)
    expect(create.stdout()).toBe('')
    id = /toygres ops wait ([0-9a-f-]{36})/.exec(create.stderr())?.[1] ?? ''
    expect(create.stderr()).toContain(`interrupted; operation ${id} goes on`)
    expect(await stateOf('patient')).toBe('creating')
  }
  const again = await plane.cli('ops', 'wait', id)
  expect(again.code, again.stderr).toBe(0)
  expect(again.stdout).toContain('mark-running')
  expect(await stateOf('patient')).toBe('running')
})

test.skipIf(!hasScript)(
  'Ctrl-C on a terminal does the same, below a picture of the steps (needs "script", of util-linux)',
  async () => {
    await using _ = await holdCreates(database.url)
    await using create = startOnTerminal(['create', 'typed'], plane.env)
    await create.says('reserve')
    create.type('\u0003')
    expect(await create.ended()).toBe(130)
    expect(create.stdout()).toMatch(/operation [0-9a-f-]{36} goes on/)
    expect(create.stdout()).toContain('toygres ops wait ')
    expect(await stateOf('typed')).toBe('creating')
  },
)

test.skipIf(!hasScript).for([1, -1])(
  'how long a step has taken is told by one clock: ours is %i hours ahead (needs "script", of util-linux)',
  async (hours) => {
    const otherClock = `const { now } = Date; Date.now = () => now() + ${hours * 3_600_000}`
    const env = {
      ...plane.env,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(otherClock)}`,
    }
    await using held = await holdCreates(database.url)
    await using create = startOnTerminal(['create', hours > 0 ? 'early' : 'late'], env)
    // It counts: neither from an hour ago, nor not at all.
    await create.says(/reserve +[1-9][.0-9]* m?s/)
    await held[Symbol.asyncDispose]()
    expect(await create.ended(), create.stdout()).toBe(0)
    expect(create.stdout()).not.toMatch(/reserve +(59 m|\d+ h)/)
  },
)

test('SIGINT ends the waiting for several, not what is done to them', async () => {
  await using held = await holdCreates(database.url)
  await using create = start(['create', 'both', 'of-them'], plane.env)
  await create.says('Creating 2 of 2')
  create.send('SIGINT')
  expect(await create.ended()).toBe(130)
  expect(create.stderr()).toContain('interrupted; the operations go on')
  expect(create.stderr()).toContain('toygres ops list')
  await held[Symbol.asyncDispose]()
  const toygres = await plane.sdk()
  for (const name of ['both', 'of-them'])
    await until(async () => (await toygres.instances.get(name)).state === 'running')
})

test('who waits is told that the control plane is away, and when it is back; then it ends as ever', async () => {
  await using held = await holdCreates(database.url)
  await using create = start(['create', 'survivor'], plane.env)
  await create.says('Creating survivor')
  await plane.kill()
  await create.says('waiting for it, the operation goes on')
  await held[Symbol.asyncDispose]()
  await plane.up()
  expect(await create.ended(), create.stderr()).toBe(0)
  expect(create.stderr()).toContain('the control plane is back')
  expect(create.stdout()).toMatch(/^postgres:\/\//)
})

test('a list that is watched tells each change, and goes on when the control plane was away', async () => {
  await using list = start(['list', '--watch', '--columns', 'name,state'], plane.env)
  await list.says('patient')
  await plane.cli('create', 'watched', '--no-wait')
  await list.says(/^watched +running$/m)
  await plane.kill()
  await list.says('waiting for it')
  await plane.up()
  await list.says('the control plane is back')
  await plane.cli('delete', 'watched', '--yes')
  await list.says(/^watched +deleted$/m)
  list.send('SIGTERM')
  await list.ended()
  // One heading, whatever came.
  expect(list.stdout().match(/NAME/g)).toHaveLength(1)
})

test.skipIf(!hasScript).for([['name'], ['latency']])(
  'top by %s goes on when the control plane was killed, and says so (needs "script", of util-linux)',
  async ([sort = '']) => {
    await using top = startOnTerminal(['top', '--sort', sort], plane.env)
    await top.says('patient')
    await plane.kill()
    await top.says('waiting for it')
    await plane.up()
    await top.says('the control plane is back')
    top.type('\u0003')
    await top.ended()
  },
)

test('a list that is watched tells nothing twice where what changed is not shown', async () => {
  await using list = start(['list', '--watch', '--columns', 'name,state', '--no-headers'], plane.env)
  await list.says(/^patient +running$/m)
  await plane.cli('update', 'patient', '--label', 'seen=no')
  await plane.cli('create', 'later')
  await list.says(/^later +running$/m)
  const lines = list.stdout().trim().split('\n')
  expect(new Set(lines).size).toBe(lines.length)

  await using names = start(['list', '--watch', '-o', 'name'], plane.env)
  await names.says('later')
  await plane.cli('delete', 'later', '--yes')
  await names.says('later is in the list no more')
  expect(names.stdout().match(/^later$/gm)).toHaveLength(1)
})

test('a list that is watched says what has left it', async () => {
  await plane.cli('projects', 'create', 'leaving')
  await using list = start(['projects', 'list', '--watch', '-o', 'name'], plane.env)
  await list.says('leaving')
  await plane.cli('projects', 'delete', 'leaving')
  await list.says('leaving is in the list no more')
})

test('events that are followed come as they happen, each once', async () => {
  await using events = start(['events', '-f', '-o', 'json'], plane.env)
  await events.says('mark-running')
  await plane.cli('create', 'eventful')
  await events.says(/"instance":"eventful".*"step":"mark-running","state":"succeeded"/)
  const lines = events.stdout().trim().split('\n')
  expect(new Set(lines).size).toBe(lines.length)
  expect(events.stdout()).toMatch(
    /"instance":"eventful".*"step":"deploy","state":"succeeded".*"durationMs":\d/,
  )
  const id = /"operationId":"([^"]+)".*\n$/.exec(events.stdout())?.[1] ?? ''
  const table = await plane.cli('events', 'eventful')
  expect(table.stdout).toMatch(/ deploy +succeeded +\d[\d.]* m?s /)
  expect((await plane.cli('ops', 'watch', id, '-o', 'json')).stdout).toMatch(
    /"step":"deploy","state":"succeeded".*"durationMs":\d/,
  )
  expect((await plane.cli('ops', 'watch', id)).stdout).toMatch(/ deploy +succeeded \(\d[\d.]* m?s\)$/m)
})
