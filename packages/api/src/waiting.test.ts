import { expect, test } from 'vitest'
import { serveRest } from './testing/rest.ts'
import { historyOf, operation } from './testing/samples.ts'

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })

test('calls that wait for an operation take places of streams: there are so many for one caller', async () => {
  let waiting = 0
  const enough = Promise.withResolvers<void>()
  const { send } = serveRest({
    operations: {
      async wait() {
        waiting++
        await enough.promise
        return operation
      },
    },
  })
  const wait = () => send(`GET /operations/${operation.id}?wait=60`)
  const waits = Array.from({ length: 2000 }, wait)
  await expect.poll(() => waiting).toBe(2000)
  const refused = await wait()
  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('1')
  enough.resolve()
  expect(new Set((await Promise.all(waits)).map(({ status }) => status))).toEqual(new Set([200]))
  expect((await wait()).status).toBe(200)
})

test('a call that waits is over when its time is up', async () => {
  const { send } = serveRest({
    operations: {
      async wait(_, __, signal) {
        await aborted(signal)
        return operation
      },
    },
  })
  await send(`GET /operations/${operation.id}?wait=60`, { headers: { 'x-request-timeout': '0.05' } })
})

test('a stream ends when the time is up that its reader gave, and says so', async () => {
  const { send, log } = serveRest({
    operations: {
      async *watch(_, __, { signal }) {
        yield* historyOf(0)
        await aborted(signal)
      },
    },
  })
  const late = { headers: { 'x-request-timeout': '0.05' } }
  const body = await (await send(`GET /operations/${operation.id}/events`, late)).text()
  expect(body).not.toContain('event: end')
  expect(body).toMatch(/\n\nevent: problem\ndata: \{.*"code":"DEADLINE_EXCEEDED","retryable":true.*\}\n\n$/)

  const input = encodeURIComponent(JSON.stringify({ json: { id: operation.id } }))
  const frames = await (await send(`GET /trpc/operations.watch?input=${input}`, late)).text()
  expect(frames).toMatch(/event: serialized-error\n.*DEADLINE_EXCEEDED/)
  expect(log.text()).not.toContain('INTERNAL')
})
