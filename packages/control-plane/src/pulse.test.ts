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

test('a database that is silent does not answer, and is asked nothing more until it does', async () => {
  const clock = { now: 5 }
  const silence = Promise.withResolvers<void>()
  let asked = 0
  const pulse = new Pulse(
    () => (asked++, silence.promise),
    () => clock.now,
  )
  expect(await pulse.answers()).toBe(false)
  clock.now += 60_000
  expect([await pulse.answers(), asked]).toEqual([false, 1])
  silence.resolve()
  await silence.promise
  await expect.poll(() => pulse.answers()).toBe(true)
  expect(asked).toBe(2)
})
