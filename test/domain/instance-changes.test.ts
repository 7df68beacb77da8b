import type { Instance, InstanceChange } from '@toygres/schema'
import { expect, test } from 'vitest'
import { alice, openDomain, type Domain } from '../harness/domain/index.ts'

interface Watching {
  readonly seen: InstanceChange[]
  /** Of one instance, in the order in which they were told. */
  states(name: string): string[]
  stop(): Promise<void>
}

function watch({ plane }: Domain, after?: string, principal = alice): Watching {
  const { signal, abort } = bounded()
  const seen: Watching['seen'] = []
  const reading = (async () => {
    for await (const change of plane.instances.watch(principal, { after, signal })) seen.push(change)
  })()
  const of = (name: string) => instancesIn(seen).filter((instance) => instance.name === name)
  return {
    seen,
    states: (name) => of(name).map(({ state }) => state),
    stop: () => {
      abort()
      return reading
    },
  }
}

function bounded() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}

const instancesIn = (seen: Watching['seen']): Instance[] =>
  seen.flatMap((change) => (change.type === 'changed' ? [change.instance] : []))

test('a watcher is told to list, then of each change from creation to deletion, and of the operations', async () => {
  await using domain = await openDomain()
  const watching = watch(domain)
  await expect.poll(() => watching.seen).toMatchObject([{ type: 'reset' }])
  const id = await domain.created('orders')
  await expect.poll(() => watching.states('orders').at(-1)).toBe('running')
  expect(watching.states('orders')[0]).toBe('creating')
  await expect.poll(() => instancesIn(watching.seen).at(-1)?.activeOperationId).toBeNull()

  await domain.ended((await domain.plane.instances.delete(alice, { id })).operation.id)
  await expect.poll(() => watching.states('orders').at(-1)).toBe('deleted')
  await watching.stop()
})

test('a change of health is told', async () => {
  await using domain = await openDomain()
  // Before there is an instance: it may be healthy as soon as it runs.
  const watching = watch(domain)
  await expect.poll(() => watching.seen.length).toBe(1)
  await domain.created('orders')
  await expect.poll(() => instancesIn(watching.seen).at(-1)?.healthStatus).toBe('healthy')
  await watching.stop()
})

test('who comes back is told what happened meanwhile, and nothing from before', async () => {
  await using domain = await openDomain()
  const first = watch(domain)
  await expect.poll(() => first.seen.length).toBe(1)
  await domain.created('before')
  await expect.poll(() => first.states('before').at(-1)).toBe('running')
  await expect.poll(() => instancesIn(first.seen).at(-1)?.activeOperationId).toBeNull()
  await first.stop()
  await domain.created('meanwhile')

  const again = watch(domain, first.seen.at(-1)?.position)
  await expect.poll(() => again.states('meanwhile').at(-1)).toBe('running')
  expect(again.seen.map(({ type }) => type)).not.toContain('reset')
  await again.stop()
})

test('who comes back to another process lists everything again', async () => {
  await using domain = await openDomain()
  const first = watch(domain)
  await expect.poll(() => first.seen.length).toBe(1)
  await first.stop()
  await domain.restart()
  const again = watch(domain, first.seen.at(-1)?.position)
  await expect.poll(() => again.seen).toMatchObject([{ type: 'reset' }])
  await again.stop()
})

test('after its connection for notifications was cut, each watcher lists again', async () => {
  await using domain = await openDomain()
  const watching = watch(domain)
  await expect.poll(() => watching.seen.length).toBe(1)
  await domain.sql`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query like 'listen %'`
  await expect.poll(() => watching.seen.filter(({ type }) => type === 'reset').length).toBe(2)
  await domain.created('orders')
  await expect.poll(() => watching.states('orders').at(-1)).toBe('running')
  await watching.stop()
})

test('what is in another project is not told', async () => {
  await using domain = await openDomain()
  const { id: projectId } = await domain.plane.projects.create(alice, { name: 'elsewhere' })
  const watching = watch(domain, undefined, { ...alice, projectId })
  await expect.poll(() => watching.seen.length).toBe(1)
  await domain.created('orders')
  const there = await domain.plane.instances.create(
    { ...alice, projectId },
    { name: 'theirs', version: '18' },
  )
  await expect.poll(() => watching.states('theirs').length).toBeGreaterThan(0)
  expect(watching.states('orders')).toEqual([])
  await watching.stop()
  await domain.plane.operations.wait(
    { ...alice, projectId },
    { id: there.operation.id, waitSeconds: 60 },
    new AbortController().signal,
  )
})
