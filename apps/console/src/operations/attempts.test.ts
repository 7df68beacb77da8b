import type { OperationEvent } from '@toygres/sdk'
import { expect, test } from 'vitest'
import { failedAttempts } from './attempts.ts'

const start = new Date('2026-11-29T12:00:00Z')

function history(...told: (Partial<OperationEvent> & Pick<OperationEvent, 'state'>)[]): OperationEvent[] {
  return told.map((event, index) => ({
    operationId: '01a20be1-0000-7000-8000-000000000000',
    seq: index + 1,
    at: new Date(start.getTime() + 1000 * (index + 1)),
    operationState: 'running',
    step: 'deploy',
    code: null,
    message: null,
    durationMs: null,
    ...event,
  }))
}

const failure = { state: 'retrying', code: 'NO_FREE_PORT', message: 'no port is free' } as const
const numbers = (events: OperationEvent[]) => failedAttempts(events, 'deploy').map(({ number }) => number)

test('each attempt that failed is told with when, how long it took without the pauses between, and why', () => {
  const events = history(
    { ...failure, durationMs: 40 },
    { state: 'waiting', message: 'it starts', durationMs: 100 },
    { ...failure, code: 'DISK_FULL', durationMs: 5 },
    { state: 'succeeded', durationMs: 5 },
  )
  expect(failedAttempts(events, 'deploy')).toEqual([
    { number: 1, at: events[0]?.at, durationMs: 40, code: 'NO_FREE_PORT', message: 'no port is free' },
    { number: 2, at: events[2]?.at, durationMs: 1100, code: 'DISK_FULL', message: 'no port is free' },
  ])
})

test('the last one counts where it was given up; what fails at the undo afterwards does not', () => {
  const events = history(
    failure,
    { ...failure, state: 'failed', operationState: 'undoing' },
    { ...failure, operationState: 'undoing' },
    { ...failure, state: 'failed', operationState: 'undoing' },
  )
  expect(numbers(events)).toEqual([1, 2])
})

test('other steps, waits, and what was before somebody had it tried again are not among them', () => {
  const events = history(
    failure,
    { state: 'queued', step: null, code: 'RETRIED' },
    { ...failure, step: 'verify' },
    { state: 'waiting', message: 'a free worker' },
    failure,
  )
  expect(failedAttempts(events, 'deploy')).toMatchObject([{ number: 1, durationMs: null }])
})
