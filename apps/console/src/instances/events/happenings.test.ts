import type { HealthEvent, Operation } from '@toygres/sdk'
import { expect, test } from 'vitest'
import { storyOf } from './happenings.ts'

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second))

const operation = (id: string, from: number): Operation => ({
  id,
  projectId: null,
  workflow: 'create-instance',
  resourceId: 'i',
  resourceName: 'orders',
  state: 'failed',
  done: true,
  steps: [
    step('reserve', 'undone', from, from),
    { ...step('deploy', 'failed', from, from + 2), error: { code: 'X', message: 'no room' } },
    { ...step('await-ready', 'pending', 0, 0), startedAt: null, endedAt: null },
  ],
  error: { code: 'X', message: 'no room', step: 'deploy', leftovers: [] },
  requestedBy: 'api-key:1',
  requestedByName: null,
  createdAt: at(from),
  retriedAt: null,
  startedAt: at(from),
  endedAt: at(from + 3),
})

const step = (
  name: Operation['steps'][number]['name'],
  state: Operation['steps'][number]['state'],
  from: number,
  to: number,
): Operation['steps'][number] => ({
  name,
  state,
  attempt: 1,
  waitingFor: null,
  until: null,
  run: null,
  undo: null,
  error: null,
  startedAt: at(from),
  endedAt: at(to),
})

const health = (id: string, second: number): HealthEvent => ({
  id,
  instanceId: 'i',
  at: at(second),
  status: 'unhealthy',
  reason: 'refused',
  detail: null,
})

test('what happened is told newest first, what is of the same moment in the order of the workflow', () => {
  const story = storyOf(
    { items: [operation('a', 10)], hasMore: false },
    { items: [health('h', 11)], hasMore: false },
  )
  expect(story.map(({ step, what, state }) => `${step ?? what} ${state}`)).toEqual([
    'create-instance failed',
    'deploy failed',
    'health unhealthy',
    'reserve undone',
    'create-instance requested',
  ])
  expect(story.map(({ message, by }) => message ?? by)).toEqual([
    'no room',
    'no room',
    'refused',
    null,
    'api-key:1',
  ])
})

test('it ends where one of the two has older parts that are not known', () => {
  const story = storyOf(
    { items: [operation('b', 40), operation('a', 10)], hasMore: false },
    { items: [health('h', 30)], hasMore: true },
  )
  expect(story.every((one) => one.at >= at(30))).toBe(true)
  expect(story).toHaveLength(5)
  expect(storyOf({ items: [], hasMore: false }, { items: [health('h', 30)], hasMore: true })).toHaveLength(1)
})
