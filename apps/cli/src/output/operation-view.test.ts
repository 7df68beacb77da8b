import type { Operation } from '@toygres/sdk'
import { expect, test } from 'vitest'
import { operationFields, operationKind, operationView } from './operation-view.ts'

const at = new Date('2026-01-01T00:00:00Z')
const step = {
  state: 'succeeded',
  attempt: 1,
  waitingFor: null,
  until: null,
  error: null,
  startedAt: at,
  endedAt: at,
  run: null,
  undo: null,
} as const
const operation = (state: Operation['state'], steps: Operation['steps'], error: Operation['error'] = null) =>
  ({
    id: '01a20be1-26ef-7384-913c-a2b94ca8fc36',
    projectId: null,
    workflow: 'create-instance',
    resourceId: '01a20be1-26ef-7384-913c-a2b94ca8fc37',
    resourceName: 'orders',
    state,
    done: false,
    steps,
    error,
    requestedBy: 'alice',
    requestedByName: null,
    createdAt: at,
    startedAt: at,
    retriedAt: null,
    endedAt: null,
  }) satisfies Operation
const failure = (message: string) => ({ code: 'BUSY', message })
const errorCell = operationKind.columns.find(({ title }) => title === 'ERROR')?.cell

test('an undo is told with its own attempts and its own error, beside those of its step', () => {
  const undo = { attempt: 9, error: failure('it sticks'), startedAt: at, endedAt: at }
  const cause = { code: 'BROKEN', message: 'it is broken', step: 'verify', leftovers: [] }
  const undoing = operation(
    'undoing',
    [{ ...step, name: 'deploy', state: 'undoing', error: failure('no room'), undo }],
    cause,
  )
  expect(operationView(undoing)).toMatch(/deploy +undoing +1, undo 9 .* no room; undo: it sticks/)
  expect(errorCell?.(undoing)).toBe('BROKEN: it is broken')
})

test('a list tells why the step that an operation is at is being tried again', () => {
  const trying = operation('running', [
    { ...step, name: 'deploy', state: 'retrying', error: failure('no room') },
  ])
  expect(errorCell?.(trying)).toBe('BUSY: no room')
})

test('what a step waits for is told, and not as an error', () => {
  const waits = operation('running', [
    { ...step, name: 'await-ready', state: 'waiting', endedAt: null, waitingFor: 'the server' },
  ])
  expect(operationView(waits)).toMatch(/waits for +the server\n/)
  expect(operationView(waits)).toMatch(/await-ready +waiting +1 .* -$/m)
  expect(errorCell?.(waits)).toBeNull()
})

test('what is done to an instance is told with it: what that waits for, until when, and for whom', () => {
  const until = new Date('2026-01-01T00:00:05Z')
  const waits = operation('running', [
    { ...step, name: 'await-ready', state: 'waiting', endedAt: null, waitingFor: 'the server', until },
  ])
  const told = operationFields({ ...waits, requestedByName: 'ci-deploy' })
  expect(told).toEqual([
    ['workflow', expect.stringMatching(/^create-instance, requested \d+d ago by ci-deploy$/)],
    ['step', 'await-ready waiting'],
    ['waits for', 'the server'],
    ['until', '2026-01-01T00:00:05.000Z'],
  ])
})

test('what a step waits for is told while it is looked for again, too', () => {
  const run = { worker: 'plane-1:7', host: 'plane-1', pid: 7, since: at }
  const looks = operation('running', [
    { ...step, name: 'await-ready', state: 'running', endedAt: null, waitingFor: 'the server', run },
  ])
  expect(operationView(looks)).toMatch(/runs on +plane-1 \(process 7\)/)
  expect(operationView(looks)).toMatch(/waits for +the server\n/)
})
