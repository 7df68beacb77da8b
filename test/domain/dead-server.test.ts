import { once } from 'node:events'
import { createServer } from 'node:net'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { alice, ask, gate, openDomain, type Domain } from '../harness/domain/index.ts'

async function killServer(domain: Domain, id: string): Promise<void> {
  const file = join(domain.home, 'instances', id, 'data', 'postmaster.pid')
  process.kill(Number.parseInt(await readFile(file, 'utf8'), 10), 'SIGKILL')
  await expect.poll(() => domain.provider.observe({ id, name: 'mortal' })).toMatchObject({ phase: 'stopped' })
}

test.for([
  ['deploy', 1],
  ['await-ready', 2],
] as const)('a server that dies after %s is started again, and the create goes on', async ([, passes]) => {
  let passed = 0
  const held = gate('step.after-body', { when: async () => ++passed >= passes })
  await using domain = await openDomain({ reach: held.reach })
  const { operation, instance } = await domain.plane.instances.create(alice, {
    name: 'mortal',
    version: '18',
  })
  await held.arrived
  await killServer(domain, instance.id)
  held.open()
  expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
  const { connectionString } = await domain.plane.instances.connection(alice, 'mortal')
  expect(await ask(connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('an instance whose port somebody else has waits for it, and keeps it', async () => {
  await using domain = await openDomain()
  const id = await domain.created('patient')
  const { port } = await domain.plane.instances.get(alice, id)
  // Keeps nobody who asks for the instance: else it could not close.
  const intruder = createServer((socket) => socket.destroy())
  await domain.restart(async () => {
    await domain.stopServers()
    intruder.listen(port ?? 0, '127.0.0.1')
    await once(intruder, 'listening')
  })
  const { items } = await domain.plane.operations.list(alice, { instance: id, limit: 1 })
  const start = () => domain.plane.operations.get(alice, items[0]?.id ?? '').then(({ steps }) => steps[1])
  await expect
    .poll(start, { timeout: 20_000 })
    .toMatchObject({ name: 'start', state: 'waiting', waitingFor: expect.stringContaining(String(port)) })
  intruder.close()
  await once(intruder, 'close')
  await domain.hurry()
  expect(await domain.ended(items[0]?.id ?? '')).toMatchObject({ state: 'succeeded' })
  expect(await domain.plane.instances.get(alice, id)).toMatchObject({ port, stateReason: null })
})
