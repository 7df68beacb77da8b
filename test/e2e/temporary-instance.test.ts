import { createToygres } from '@toygres/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { freePort } from '../harness/free-port.ts'

let plane: TestControlPlane
beforeAll(async () => {
  // One that it has again after a restart.
  plane = await startControlPlane({ args: ['--port', String(await freePort())] })
}, 180_000)
afterAll(() => plane[Symbol.asyncDispose]())

test('a temporary instance is removed also where the control plane is killed as the work ends, and comes back later', async () => {
  const refused = Promise.withResolvers<void>()
  let failures = 0
  const fetch: typeof globalThis.fetch = async (url, init) => {
    try {
      return await globalThis.fetch(url, init)
    } catch (error) {
      // More than a call by itself is made.
      if (++failures === 6) refused.resolve()
      throw error
    }
  }
  const toygres = createToygres({ url: await plane.url(), apiKey: await plane.apiKey(), fetch })
  const used = toygres.withTemporaryInstance(async ({ instance }) => {
    await plane.kill()
    return instance.id
  })
  const given = await Promise.race([refused.promise, used])
  await plane.up()
  expect(given).toBeUndefined()
  expect(await toygres.instances.get(await used)).toMatchObject({ state: 'deleted' })
})
