import { createSocket } from 'node:dgram'
import { lookup, Resolver } from 'node:dns/promises'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { post } from './post.ts'
import { namesOfReceivers } from './receivers.ts'

test('receivers whose name servers say nothing take no look-up from anybody else', async () => {
  const silent = createSocket('udp4').bind(0, '127.0.0.1')
  await once(silent, 'listening')
  const makeResolver = () => {
    const made = new Resolver({ timeout: 60_000, tries: 1 })
    made.setServers([`127.0.0.1:${silent.address().port}`])
    return made
  }
  const resolve = namesOfReceivers(makeResolver)
  const attempts = Array.from({ length: 20 }, async (_, n) =>
    post(
      { url: `http://hook-${n}.test/`, headers: {}, body: '{}' },
      { allowPrivateAddresses: true, resolve, signal: AbortSignal.timeout(10_000) },
    ).then(
      () => 'answered',
      (error: unknown) => error,
    ),
  )
  const first = await Promise.race([...attempts, lookup('localhost').then(() => 'looked up')])
  expect(first).toBe('looked up')
  for (const end of await Promise.all(attempts))
    expect(end).toMatchObject({
      message: expect.stringMatching(/^no name server has answered for hook-\d+\.test/),
    })
  silent.close()
})

test('a name that nobody knows is said to be one', async () => {
  const resolve = namesOfReceivers(() => {
    const made = new Resolver({ timeout: 1000, tries: 1 })
    // Where no name server is, which says so at once.
    made.setServers(['127.0.0.1:1'])
    return made
  })
  await expect(
    post(
      { url: 'http://hook.test/', headers: {}, body: '{}' },
      { allowPrivateAddresses: true, resolve, signal: AbortSignal.timeout(10_000) },
    ),
  ).rejects.toThrow('no name server knows hook.test')
})
