import type { Observation } from '@toygres/providers'
import { defaultProjectId } from '@toygres/schema'
import { expect, test } from 'vitest'
import { findingOf, type KnownInstance } from './finding.ts'

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
  expect(kind({ state: 'deleted' }, stopped)).toBe('leftover')
  expect(kind({ state: 'failed' }, { phase: 'partial', detail: 'half removed' })).toBe('leftover')
  expect(kind(null, ready)).toBe('orphan')
})

test('what an operation changes is its business, whatever it looks like', () => {
  for (const state of ['creating', 'running', 'deleting', 'failed'] as const)
    expect(kind({ state, activeOperationId: 'some' }, stopped)).toBeNull()
})

test('a failure that only a person can end is not tried again and again', () => {
  const failed = (code: 'DATA_DIRECTORY_CORRUPT' | 'DISK_FULL') =>
    findingOf(running, { observation: { phase: 'failed', code, detail: '' } })?.hopeless
  expect(failed('DATA_DIRECTORY_CORRUPT')).toBe(true)
  expect(failed('DISK_FULL')).toBe(false)
})
