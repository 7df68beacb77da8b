import { randomBytes, randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { openDomain } from '../harness/domain/index.ts'

const home = (path: string) => ({ id: randomUUID(), path })

test('of two homes on one new database, one is refused and told whose it is', async () => {
  await using domain = await openDomain()
  const homes = [home('/one'), home('/other')] as const
  const started = await Promise.allSettled(homes.map((ref) => domain.beside({ home: ref })))
  const running = started.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
  const refusals = started.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []))
  await Promise.all(running.map((plane) => plane.stop(0)))
  expect(running).toHaveLength(1)
  expect(refusals).toMatchObject([
    { name: 'AnotherHome', message: expect.stringMatching(/live in another home, \/(one|other) on ./) },
  ])
})

test('a home that was moved is still the same, and one with a copied database of its own may start', async () => {
  await using domain = await openDomain()
  const mine = home('/mine')
  await (await domain.beside({ home: mine })).stop(0)
  await (await domain.beside({ home: { ...mine, path: '/moved' } })).stop(0)
  await expect(domain.beside({ home: home('/elsewhere') })).rejects.toThrow('another home, /moved')
  await (await domain.beside({ home: home('/copy'), embedded: true })).stop(0)
})

test('of two sealing keys on a database without instances, the second is refused', async () => {
  await using domain = await openDomain()
  await expect(domain.beside({ sealingKey: randomBytes(32) })).rejects.toMatchObject({
    name: 'WrongSealingKey',
  })
})

test('a control plane that is refused leaves no connection behind', async () => {
  await using domain = await openDomain()
  const connections = async () => {
    const rows = await domain.sql`
      select from pg_stat_activity where datname = current_database() and application_name like 'toygres%'`
    return rows.length
  }
  await domain.plane.stop(0)
  await expect.poll(connections).toBe(0)
  const noWatch = { ...domain.provider, watch: () => Promise.reject(new Error('nothing to see')) }
  await expect(domain.beside({ provider: noWatch })).rejects.toThrow('nothing to see')
  await expect.poll(connections).toBe(0)
  await domain.restart()
})
