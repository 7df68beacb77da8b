import { expect, test } from 'vitest'
import { OperationStep } from './operation.ts'

test('a step that was kept in an answer before failures of its undo were told is read', () => {
  const at = new Date()
  const step = {
    name: 'start-server',
    state: 'undone',
    attempt: 1,
    waitingFor: null,
    until: null,
    error: null,
    startedAt: at,
    endedAt: at,
    run: null,
  }
  const undo = { attempt: 1, startedAt: at, endedAt: at }
  expect(OperationStep.parse({ ...step, undo }).undo).toEqual({ ...undo, error: null })
})
