import { expect, test } from 'vitest'
import { Pulse } from './pulse.ts'

test('whether the database answers is asked once a second, however many want to know', async () => {
  const clock = { now: 5 }
  let asked = 0
  let answers = true
  const pulse = new Pulse(
    () => (asked++, answers ? Promise.resolve() : Promise.reject(new Error('away'))),
    () => clock.now,
  )
  expect(await Promise.all(Array.from({ length: 100 }, () => pulse.answers()))).not.toContain(false)
  answers = false
  clock.now += 999
  expect([await pulse.answers(), asked]).toEqual([true, 1])
  clock.now += 1
  expect([await pulse.answers(), asked]).toEqual([false, 2])
})
