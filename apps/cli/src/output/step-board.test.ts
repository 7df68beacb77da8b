import type { Operation, OperationEvent } from '@toygres/sdk'
import { expect, test } from 'vitest'
import { StepBoard } from './step-board.ts'

const start = Date.UTC(2026, 0, 1)
const stepOf = (name: 'reserve' | 'deploy', startedAt: Date | null = null) =>
  ({
    name,
    state: 'pending',
    attempt: 0,
    waitingFor: null,
    until: null,
    error: null,
    startedAt,
    endedAt: null,
    run: null,
    undo: null,
  }) as const

const boardOf = (...steps: ReturnType<typeof stepOf>[]) =>
  new StepBoard({ steps, createdAt: new Date(start) } as unknown as Operation)

/** What is told of a step so many milliseconds after the operation was asked for. */
const told = (
  step: 'reserve' | 'deploy' | null,
  state: OperationEvent['state'],
  { at, took = null, code = null }: { at: number; took?: number | null; code?: string | null },
): OperationEvent => ({
  operationId: '01a20be1-26ef-7384-913c-a2b94ca8fc36',
  seq: 1,
  at: new Date(start + at),
  operationState: 'running',
  step,
  state,
  code,
  message: null,
  durationMs: took,
})

const durations = ({ steps }: StepBoard) => steps.map(({ durationMs }) => durationMs)

test('a step takes as long as it ran, however long it had to wait before', () => {
  const board = boardOf(stepOf('reserve'), stepOf('deploy'))
  board.apply(told('reserve', 'succeeded', { at: 60_005, took: 5 }))
  board.apply(told('deploy', 'succeeded', { at: 120_000, took: 200 }))
  expect(durations(board)).toEqual([5, 200])
})

test('what a step polls, and tries again, is all its own time', () => {
  const board = boardOf(stepOf('reserve'))
  board.apply(told('reserve', 'waiting', { at: 1_010, took: 10 }))
  board.apply(told('reserve', 'retrying', { at: 4_000, took: 20 }))
  expect(board.currentSince).toBe(start + 1_000)
  board.apply(told('reserve', 'succeeded', { at: 6_000, took: 30 }))
  expect(durations(board)).toEqual([5_000])
})

test('an undo, and another try of the operation, begin anew', () => {
  const board = boardOf(stepOf('reserve'))
  board.apply(told('reserve', 'failed', { at: 100, took: 100 }))
  board.apply(told('reserve', 'undone', { at: 5_000, took: 7 }))
  expect(durations(board)).toEqual([7])
  board.apply(told('reserve', 'retrying', { at: 6_000, took: 10 }))
  board.apply(told(null, 'running', { at: 99_000, code: 'RETRIED' }))
  board.apply(told('reserve', 'succeeded', { at: 99_500, took: 3 }))
  expect(durations(board)).toEqual([3])
})

test('a step of which nothing was told yet began when the operation as it was fetched says', () => {
  const board = boardOf(stepOf('reserve', new Date(start + 2_000)))
  expect(board.currentSince).toBe(start + 2_000)
})

test('a control plane of before tells no durations: then the time between events has to do', () => {
  const board = boardOf(stepOf('reserve'), stepOf('deploy'))
  board.apply(told('reserve', 'succeeded', { at: 50 }))
  board.apply(told('deploy', 'succeeded', { at: 80 }))
  expect(durations(board)).toEqual([50, 30])
})
