import { expect } from 'vitest'
import type { History } from './world.ts'

const terminal = new Set(['succeeded', 'failed', 'cancelled'])

/** What holds for every operation that has ended, whatever happened to it. */
export function expectSound({ operation, events }: History): void {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(events.map(({ at }) => at.getTime())).toEqual(
    events.map(({ at }) => at.getTime()).toSorted((a, b) => a - b),
  )
  // It ends once; after an end comes nothing but another try.
  const ends = events.filter(({ step, state }) => step === null && terminal.has(state))
  for (const end of ends.slice(0, -1)) expect(events[end.seq]?.message).toMatch(/^tried again from /)
  expect(events.at(-1)).toBe(ends.at(-1))
  expect(events.at(-1)?.state).toBe(operation.state)
  expect(operation.endedAt).not.toBeNull()
  // No step is recorded twice, unless it was undone and tried again in between.
  const last = events.findLastIndex(({ message }) => message?.startsWith('tried again from'))
  const done = events.slice(last + 1).filter(({ step, state }) => step !== null && state === 'succeeded')
  expect(new Set(done.map(({ step }) => step)).size).toBe(done.length)
}
