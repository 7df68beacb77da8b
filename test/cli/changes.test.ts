import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { startPlaneProxy } from '../harness/plane-proxy.ts'
import { until } from '../harness/until.ts'
import { start } from './running.ts'

let plane: TestControlPlane
beforeAll(async () => {
  plane = await startControlPlane()
  await plane.cli('create', 'orders', '--label', 'team=sales', '-l', 'tier=gold')
}, 180_000)
afterAll(() => plane[Symbol.asyncDispose]())

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await plane.cli(...args, '-o', 'json')
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Record<string, unknown>
}

test('--dry-run says what would be done, and nothing is', async () => {
  expect(await json('create', 'planned', '--dry-run')).toMatchObject({
    plan: { workflow: 'create-instance', steps: expect.arrayContaining([]) },
  })
  const shown = await plane.cli('create', 'planned', '--dry-run')
  expect(shown.stdout).toMatch(/^FIELD .*\nname .* planned\n(.*\n)*STEP .*\n(.*\n)*deploy /)
  expect(shown.stderr).toContain('nothing has been done')
  expect((await plane.cli('get', 'planned')).code).toBe(3)

  expect(await json('delete', 'orders', '--dry-run')).toMatchObject({ plan: { workflow: 'delete-instance' } })
  // Of two values the last would win, and nobody be told.
  for (const args of [
    ['update', 'orders', '--label', 'team=a', '--label', 'team=b'],
    ['create', 'two-minds', '--label', 'team=a', '--label', 'team=b'],
    ['update', 'orders', '--label', 'team=a', '--remove-label', 'team'],
  ]) {
    const { code, stderr } = await plane.cli(...args)
    expect({ args, code }).toEqual({ args, code: 2 })
    expect(stderr).toContain('team')
  }
  expect(await json('update', 'orders', '--label', 'team=ops', '--dry-run')).toMatchObject({
    plan: { changes: [{ path: 'labels.team', from: 'sales', to: 'ops' }] },
  })
  expect(await json('get', 'orders')).toMatchObject({ state: 'running', labels: { team: 'sales' } })
  // What would be refused is refused.
  expect((await plane.cli('create', 'orders', '--dry-run')).code).toBe(4)
})

test('update changes what is named and leaves the rest', async () => {
  expect(
    await json('update', 'orders', '--label', 'owner=ann', '--remove-label', 'tier', '--check-every', '10s'),
  ).toMatchObject({ labels: { team: 'sales', owner: 'ann' }, healthCheckIntervalSeconds: 10 })
  const nothing = await plane.cli('update', 'orders')
  expect(nothing).toMatchObject({ code: 2, stdout: '' })
})

test('--if-match holds a change back that somebody else was quicker than', async () => {
  const { etag } = await json('get', 'orders')
  await json('update', 'orders', '--label', 'team=ops')
  const late = await plane.cli('update', 'orders', '--check-every', '20s', '--if-match', String(etag))
  expect(late).toMatchObject({ code: 4, stdout: '' })
  const deletion = await plane.cli('delete', 'orders', '--yes', '--if-match', String(etag))
  expect(deletion.code).toBe(4)
  expect(await json('get', 'orders')).toMatchObject({ state: 'running' })
})

test('--idempotency-key makes it safe to run again, and is for one thing only', async () => {
  const once = ['create', 'once', '--no-wait', '--idempotency-key', 'night-of-the-15th']
  const first = await json(...once)
  expect(await json(...once)).toMatchObject({ id: first['id'] })
  const other = await plane.cli('create', 'twice', '--idempotency-key', 'night-of-the-15th')
  expect(other.code).toBe(4)
})

test('an update and a deletion that are sent again are answered as they were first', async () => {
  await json('create', 'twice', '--label', 'tier=gold')
  const relabel = [
    'update',
    'twice',
    '-l',
    'team=ops',
    '--remove-label',
    'tier',
    '--idempotency-key',
    'relabel-1',
  ]
  const first = await json(...relabel)
  expect(first).toMatchObject({ labels: { team: 'ops' } })
  // Somebody else's change is neither taken back nor a reason to refuse.
  await json('update', 'twice', '--label', 'team=sales', '--label', 'owner=ann')
  expect(await json(...relabel)).toEqual(first)
  expect(await json('get', 'twice')).toMatchObject({ labels: { team: 'sales', owner: 'ann' } })

  const remove = ['delete', 'twice', '--yes', '--idempotency-key', 'remove-1']
  const gone = await json(...remove)
  expect(gone).toMatchObject({ id: first['id'], state: 'deleted' })
  expect(await json(...remove)).toEqual(gone)
  // Of another one that has the name by now nothing is taken.
  await json('create', 'twice')
  expect(await json(...remove)).toEqual(gone)
  expect(await json('get', 'twice')).toMatchObject({ state: 'running' })

  const removeBoth = ['delete', 'twice', 'nobody', '--yes', '--idempotency-key', 'remove-2']
  const removed = await plane.cli(...removeBoth, '-o', 'json')
  expect(JSON.parse(removed.stdout)).toMatchObject({
    items: [
      { name: 'twice', error: null },
      { name: 'nobody', error: { code: 'INSTANCE_NOT_FOUND' } },
    ],
  })
  expect(await plane.cli(...removeBoth, '-o', 'json')).toMatchObject({
    code: removed.code,
    stdout: removed.stdout,
  })
}, 60_000)

test('several are made, and removed, by one call; what went wrong with one is told', async () => {
  const made = await plane.cli('create', 'one', 'orders', 'two', '-o', 'json')
  expect(made.code).toBe(4)
  expect(JSON.parse(made.stdout)).toMatchObject({
    items: [
      { name: 'one', error: null, instance: { state: 'running' } },
      { name: 'orders', error: { code: 'INSTANCE_NAME_TAKEN' }, operationId: null },
      { name: 'two', error: null, instance: { state: 'running' } },
    ],
  })
  expect(made.stderr).toContain('1 of 3 did not succeed: orders (INSTANCE_NAME_TAKEN)')

  const removed = await plane.cli('delete', 'one', 'two', '--yes')
  expect(removed.code, removed.stderr).toBe(0)
  expect(removed.stdout).toMatch(/^one +deleted /m)
  expect((await plane.cli('get', 'two')).code).toBe(3)
})

test('several are stopped by one command, which finds them all before it does anything', async () => {
  await plane.cli('create', 'early', 'late')
  await json('stop', 'early')
  expect(await json('stop', 'early', 'late', '--idempotency-key', 'night')).toMatchObject({
    items: [
      { name: 'early', error: null, operationId: null, instance: { state: 'stopped' } },
      { name: 'late', error: null, instance: { state: 'stopped' } },
    ],
  })
  const { etag } = await json('get', 'late')
  expect((await plane.cli('start', 'early', 'late', '--if-match', String(etag))).code).toBe(2)
  const started = await plane.cli('start', 'late', '--if-match', String(etag))
  expect(started.code, started.stderr).toBe(0)
  expect(started.stderr).toContain('late runs.')
  expect((await plane.cli('stop', 'late', 'nobody')).code).toBe(3)
  expect(await json('get', 'late')).toMatchObject({ state: 'running' })
})

test('what was asked for once more, and answered as before, is told as the instance is now', async () => {
  await plane.cli('create', 'to-and-fro')
  const stop = ['stop', 'to-and-fro', '--idempotency-key', 'to']
  expect((await plane.cli(...stop)).stderr).toContain('to-and-fro is stopped.')
  await plane.cli('start', 'to-and-fro')
  const again = await plane.cli(...stop)
  expect(again.code, again.stderr).toBe(0)
  expect(again.stderr).not.toContain('to-and-fro is stopped')
  expect(again.stderr).toContain(
    'to-and-fro was stopped (perhaps when this key was used before), and is running now.',
  )
})

test('of one that somebody else has changed right after, both is told', async () => {
  const toygres = await plane.sdk()
  await toygres.instances.create({ name: 'disputed' }).wait()
  await using proxy = await startPlaneProxy(await plane.url())
  const stopAsked = proxy.hold('/instances.stop')
  await using stop = start(['stop', 'disputed'], {
    ...plane.env,
    TOYGRES_URL: proxy.url,
    TOYGRES_API_KEY: await plane.apiKey(),
  })
  await until(async () => proxy.asked('/instances.stop') === 1)
  const looked = proxy.asked('/instances.get')
  const lookAgain = proxy.hold('/instances.get')
  stopAsked()
  await until(async () => proxy.asked('/instances.get') > looked)
  await toygres.instances.start('disputed').wait()
  lookAgain()
  expect(await stop.ended()).toBe(0)
  expect(stop.stderr()).toMatch(/\ndisputed was stopped, and is running now\.\n$/)
})

test('more are taken than one call takes; how several end is how all that went wrong did, or 1', async () => {
  await plane.cli('projects', 'create', 'small', '--max-instances', '1')
  const names = Array.from({ length: 501 }, (_, n) => `many-${n}`)
  const many = [
    'create',
    ...names,
    '--project',
    'small',
    '--no-wait',
    '--idempotency-key',
    'many',
    '-o',
    'json',
  ]
  const made = await plane.cli(...many)
  expect(made.code, made.stderr).toBe(4)
  const { items } = JSON.parse(made.stdout) as { items: { name: string; error: { code: string } | null }[] }
  expect(items.map(({ name }) => name)).toEqual(names)
  expect(items.filter(({ error }) => error?.code === 'QUOTA_EXCEEDED')).toHaveLength(500)
  expect(await plane.cli(...many)).toMatchObject({ code: 4, stdout: made.stdout })
  await plane.cli('delete', 'many-0', '--yes', '--project', 'small')

  const nobody = ['delete', ...names, '--yes', '--idempotency-key', 'nobody', '--project', 'small']
  expect((await plane.cli(...nobody)).code).toBe(3)
  const unlike = await plane.cli('create', 'slow', 'orders', '--timeout', '1ms')
  expect(unlike.code, unlike.stderr).toBe(1)
  expect(unlike.stderr).toMatch(
    /2 of 2 did not succeed: slow \(WAIT_TIMEOUT\), orders \(INSTANCE_NAME_TAKEN\)/,
  )
})

test('keys are rotated: both open for a while', async () => {
  const made = (await plane.cli('keys', 'create', 'robot', '--expires', '30d')).stdout.trim()
  const id = made.split('_')[1] ?? ''
  const rotated = (await plane.cli('keys', 'rotate', id, '--overlap', '1h')).stdout.trim()
  for (const key of [made, rotated])
    expect((await plane.cliWith({ TOYGRES_API_KEY: key }, 'list')).code).toBe(0)
  const successor = rotated.split('_')[1]
  expect(await json('keys', 'get', id)).toMatchObject({ replacedBy: successor })
})

test('projects keep things apart', async () => {
  expect(await json('projects', 'create', 'sales', '--max-instances', '1')).toMatchObject({
    name: 'sales',
    quota: { instances: 1 },
  })
  const inSales = ['--project', 'sales']
  await json('create', 'orders', ...inSales)
  expect((await plane.cli('list', '-o', 'name', ...inSales)).stdout).toBe('orders\n')
  expect((await plane.cliWith({ TOYGRES_PROJECT: 'sales' }, 'list', '-o', 'name')).stdout).toBe('orders\n')
  const beyond = await plane.cli('create', 'more', ...inSales)
  expect(beyond.code).toBe(4)
  expect(beyond.stderr).toContain('the project may have 1 instance and has 1:')
  expect(await json('projects', 'update', 'sales', '--max-instances', 'none')).toMatchObject({
    quota: { instances: null },
  })
  expect((await plane.cli('projects', 'delete', 'sales')).code).toBe(4)
  await plane.cli('delete', 'orders', '--yes', ...inSales)
  expect((await plane.cli('projects', 'list', '-o', 'name')).stdout).toContain('sales')
  expect((await plane.cli('projects', 'get', 'nothing')).code).toBe(3)
})

test('the audit log says who did what', async () => {
  await plane.cli('url', 'orders')
  const { stdout } = await plane.cli('audit', 'list', '--instance', 'orders', '--columns', 'action,outcome')
  expect(stdout).toMatch(/^instances\.connection +done$/m)
  expect(stdout).toMatch(/^instances\.create +done$/m)
})

test('top shows the control plane and its instances at work', async () => {
  const { code, stdout } = await plane.cli('top', '--once', '--sort', 'latency')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^Toygres .* on local: .*running/)
  expect(stdout).toMatch(/^orders +running /m)
})
