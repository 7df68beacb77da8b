import { expect, test } from 'vitest'
import { alice, gate, openDomain } from '../harness/domain/index.ts'

const never = new AbortController().signal

test('a wait is answered when the operation has ended, when its time is up, or when the caller leaves', async () => {
  const held = gate('step.before-body')
  await using domain = await openDomain({ reach: held.reach })
  const { operation } = await domain.plane.instances.create(alice, { name: 'awaited', version: '18' })
  await held.arrived
  const wait = (waitSeconds: number, signal = never) =>
    domain.plane.operations.wait(alice, { id: operation.id, waitSeconds }, signal)

  expect(await wait(1)).toMatchObject({ state: 'running', done: false })
  const left = new AbortController()
  const leaving = wait(60, left.signal)
  left.abort()
  expect(await leaving).toMatchObject({ state: 'running', done: false })

  const waiting = wait(60)
  held.open()
  expect(await waiting).toMatchObject({ state: 'succeeded', done: true })
  expect(await wait(60)).toMatchObject({ state: 'succeeded', done: true })
})

test('there is no waiting for an operation that is not there', async () => {
  await using domain = await openDomain()
  const id = '01981d3e-0000-7000-8000-000000000000'
  await expect(domain.plane.operations.wait(alice, { id, waitSeconds: 60 }, never)).rejects.toMatchObject({
    code: 'OPERATION_NOT_FOUND',
  })
})
