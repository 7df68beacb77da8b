import type { Observation } from '@toygres/providers'
import { defaultProjectId, InstanceState } from '@toygres/schema'
import { expect, test } from 'vitest'
import { downBy, findingOf, type KnownInstance } from './finding.ts'

const address = { host: '127.0.0.1', port: 5432 }
const ready: Observation = { phase: 'ready', address }
const stopped: Observation = { phase: 'stopped', detail: 'its server does not run' }

const running: KnownInstance = {
  projectId: defaultProjectId,
  id: '01981d3e-0000-7000-8000-000000000001',
  name: 'orders',
  version: '18',
  provider: 'local',
  state: 'running',
  ...address,
  activeOperationId: null,
  lastWorkflow: 'create-instance',
}
const kind = (known: Partial<KnownInstance> | null, observation?: Observation, changes?: readonly string[]) =>
  findingOf(known && { ...running, ...known }, observation && { observation, changes })?.kind ?? null

test('what is as it should be is no finding', () => {
  expect(kind({}, ready)).toBeNull()
  expect(kind({}, { phase: 'starting', detail: 'it starts' })).toBeNull()
  expect(kind({ state: 'stopped' }, stopped)).toBeNull()
  expect(kind({ state: 'stopped' }, stopped, ['somebody set its probe'])).toBeNull()
  expect(kind({ state: 'stopped' }, { phase: 'failed', code: 'PORT_TAKEN', detail: '' })).toBeNull()
  expect(kind({ state: 'deleted' })).toBeNull()
  expect(kind({ state: 'failed' })).toBeNull()
  expect(kind(null)).toBeNull()
})

test('each way to differ has its kind', () => {
  expect(kind({}, stopped)).toBe('server-down')
  expect(kind({})).toBe('data-missing')
  expect(kind({}, { phase: 'partial', detail: 'half made' })).toBe('data-missing')
  expect(kind({}, ready, ['somebody set replicas to 0'])).toBe('spec-changed')
  expect(kind({}, { phase: 'starting', detail: 'its pod is not ready' }, ['somebody set its probe'])).toBe(
    'spec-changed',
  )
  expect(kind({ port: 5433 }, ready)).toBe('spec-changed')
  expect(kind({ state: 'creating' }, ready)).toBe('operation-gone')
  expect(kind({ state: 'deleting' })).toBe('operation-gone')
  expect(kind({ state: 'stopping' }, ready)).toBe('operation-gone')
  expect(kind({ state: 'starting' }, stopped)).toBe('operation-gone')
  expect(kind({ state: 'stopped' }, ready)).toBe('spec-changed')
  expect(kind({ state: 'stopped' }, { phase: 'starting', detail: 'it starts' })).toBe('spec-changed')
  expect(kind({ state: 'stopped' })).toBe('data-missing')
  expect(kind({ state: 'stopped' }, { phase: 'partial', detail: 'half made' })).toBe('data-missing')
  for (const code of ['DATA_DIRECTORY_CORRUPT', 'VOLUME_UNAVAILABLE'] as const)
    expect(kind({ state: 'stopped' }, { phase: 'failed', code, detail: '' })).toBe('data-missing')
  expect(kind({ state: 'deleted' }, stopped)).toBe('leftover')
  expect(kind({ state: 'failed' }, { phase: 'partial', detail: 'half removed' })).toBe('leftover')
  expect(kind(null, ready)).toBe('orphan')
})

test('what another control plane made is reported, and left to it', () => {
  const found = (isAnothers: boolean) => findingOf(null, { observation: ready, isAnothers })
  expect(found(true)).toMatchObject({ kind: 'orphan', hopeless: true })
  expect(found(false)).toMatchObject({ kind: 'orphan', hopeless: false })
})

test('what an operation changes is its business, whatever it looks like', () => {
  for (const state of InstanceState.options)
    expect(kind({ state, activeOperationId: 'some' }, stopped)).toBeNull()
})

test('a failure that only a person can end is not tried again and again', () => {
  const failed = (code: 'DATA_DIRECTORY_CORRUPT' | 'DISK_FULL') =>
    findingOf(running, { observation: { phase: 'failed', code, detail: '' } })?.hopeless
  expect(failed('DATA_DIRECTORY_CORRUPT')).toBe(true)
  expect(failed('DISK_FULL')).toBe(false)
})

test('a server that its provider sees gone is down, also where another is on its way by itself', () => {
  expect(downBy(ready)).toBeNull()
  expect(downBy({ phase: 'starting', detail: 'it recovers' })).toBeNull()
  expect(downBy({ phase: 'starting', detail: 'its pod is being made', isGone: true })).toEqual({
    reason: 'server-down',
    detail: 'its pod is being made',
  })
  expect(downBy(stopped)?.reason).toBe('server-down')
  expect(downBy({ phase: 'failed', code: 'DISK_FULL', detail: '' })?.reason).toBe('server-down')
  expect(downBy({ phase: 'absent' })?.reason).toBe('data-missing')
})

test('an instance that was moved says where it is now', () => {
  const moved = { host: '10.0.0.7', port: 5432 }
  expect(findingOf(running, { observation: { phase: 'ready', address: moved } })?.movedTo).toEqual(moved)
})
