import { expect, test } from 'vitest'
import { SeenEvent } from './cluster/objects.ts'
import { keepWarnings } from './warnings.ts'

const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString()
const warning = (message: string, when: object) =>
  SeenEvent.parse({
    metadata: { name: message, uid: message },
    involvedObject: { uid: 'set' },
    reason: 'FailedCreate',
    message,
    ...when,
  })

const messages = (warnings: ReturnType<typeof keepWarnings>) =>
  warnings.about(['set']).map(({ message }) => message)

test('warnings come oldest first, whatever the order and the notation in which they are told', () => {
  const warnings = keepWarnings()
  warnings.put(warning('second', { lastTimestamp: secondsAgo(20), eventTime: null }), true)
  const series = { lastObservedTime: secondsAgo(10) }
  warnings.put(warning('third', { lastTimestamp: null, eventTime: secondsAgo(500), series }), true)
  warnings.put(warning('first', { lastTimestamp: null, eventTime: secondsAgo(30) }), true)
  expect(messages(warnings)).toEqual(['first', 'second', 'third'])
})

test('a warning that nobody has repeated for long does not hold any more', () => {
  const warnings = keepWarnings()
  warnings.put(warning('old', { lastTimestamp: secondsAgo(3000) }), true)
  warnings.put(warning('new', { lastTimestamp: secondsAgo(900) }), true)
  expect(messages(warnings)).toEqual(['new'])
})

test('what has passed since holds no more, in whichever order it is told; what comes after does', () => {
  const warnings = keepWarnings()
  warnings.put(warning('before', { lastTimestamp: secondsAgo(60) }), true)
  warnings.passed('set', secondsAgo(30))
  warnings.put(warning('told late', { lastTimestamp: secondsAgo(40) }), true)
  warnings.put(warning('after', { lastTimestamp: secondsAgo(20) }), true)
  expect(messages(warnings)).toEqual(['after'])
})
