import { ProviderError } from '@toygres/providers'
import { again, minutes, seconds } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { bearingOutages } from './while-away.ts'

const afterRefusal = (retryAfterMs?: number) =>
  bearingOutages(async () => {
    throw new ProviderError('CLUSTER_UNAVAILABLE', 'too busy', { permanent: false, retryAfterMs })
  })(null)

test('a step whose place asks to be left alone comes back no sooner', async () => {
  expect(await afterRefusal(30_000)).toEqual(again({ after: seconds(30), because: 'too busy' }))
})

test('one that is asked for more than a step may take asks once a minute, and does not give up', async () => {
  expect(await afterRefusal(3_600_000)).toEqual(again({ after: minutes(1), because: 'too busy' }))
})

test('one that is not told when comes back after a second, and so does one that may at once', async () => {
  const soon = again({ after: seconds(1), because: 'too busy' })
  expect(await afterRefusal()).toEqual(soon)
  expect(await afterRefusal(0)).toEqual(soon)
})
