import { instance } from '@toygres/api/testing'
import { expect, test } from 'vitest'
import { serialize } from 'superjson'
import { createToygres, RateLimitedError, UnavailableError, type ToygresError } from './index.ts'

interface Answer {
  status: number
  headers?: Record<string, string>
  code?: string
}

/** A control plane that answers like this, one after the other, and then as it should. */
function answering(...answers: Answer[]) {
  const sent: { at: number; body: unknown }[] = []
  const toygres = createToygres({
    url: 'http://control-plane',
    apiKey: 'k',
    fetch: (_, init) => {
      sent.push({ at: performance.now(), body: init?.body })
      const answer = answers[sent.length - 1]
      if (answer === undefined)
        return Promise.resolve(Response.json({ result: { data: serialize(instance) } }))
      const { status, code, headers = {} } = answer
      const error = { json: { message: 'not now', data: { code, httpStatus: status, retryable: true } } }
      return Promise.resolve(
        code === undefined
          ? new Response('<h1>Sorry', { status, headers })
          : Response.json({ error }, { status, headers }),
      )
    },
  })
  return { toygres, sent }
}

test('Retry-After is honoured, in seconds and as a date', async () => {
  const { toygres, sent } = answering(
    { status: 429, code: 'RATE_LIMITED', headers: { 'retry-after': '1' } },
    {
      status: 503,
      code: 'UNAVAILABLE',
      headers: { 'retry-after': new Date(Date.now() + 3_000).toUTCString() },
    },
  )
  const began = Date.now()
  expect(await toygres.instances.get('orders')).toEqual(instance)
  expect(sent).toHaveLength(3)
  const [first, second] = sent
  // Not how long it took, but how early it was not: before then the control plane would have refused again.
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990)
  expect(Date.now() - began).toBeGreaterThanOrEqual(1_900)
})

test('a proxy in front that is overloaded is asked again, too', async () => {
  const { toygres, sent } = answering({ status: 503 }, { status: 502 })
  expect(await toygres.instances.get('orders')).toEqual(instance)
  expect(sent).toHaveLength(3)
})

test('who is told to come back in a long while is told so at once', async () => {
  const { toygres, sent } = answering({
    status: 429,
    code: 'RATE_LIMITED',
    headers: { 'retry-after': '3600' },
  })
  const error = await toygres.instances.get('orders').catch((thrown: unknown) => thrown as ToygresError)
  expect(error).toBeInstanceOf(RateLimitedError)
  expect(error).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfterMs: 3_600_000 })
  expect(sent).toHaveLength(1)
})

test('a change whose first sending is still under way is sent again, with its key', async () => {
  const { toygres, sent } = answering({ status: 409, code: 'IDEMPOTENCY_KEY_IN_PROGRESS' })
  await toygres.instances.delete('orders', { idempotencyKey: 'mine' }).catch(() => {})
  expect(sent.map(({ body }) => body)).toEqual(
    Array(2).fill('{"json":{"id":"orders","idempotencyKey":"mine"}}'),
  )
})

test('a signal ends the waiting between two attempts', async () => {
  const { toygres, sent } = answering({ status: 503, code: 'UNAVAILABLE', headers: { 'retry-after': '20' } })
  const stop = new AbortController()
  const call = toygres.instances.get('orders', { signal: stop.signal })
  await expect.poll(() => sent).toHaveLength(1)
  stop.abort(new Error('enough'))
  await expect(call).rejects.toThrow('enough')
  expect(sent).toHaveLength(1)
})

test('a token that expires is asked for before each request', async () => {
  const seen: (string | null)[] = []
  let tokens = 0
  const toygres = createToygres({
    url: 'http://control-plane',
    apiKey: () => Promise.resolve(`token-${++tokens}`),
    fetch: (_, init) => {
      seen.push(new Headers(init?.headers).get('authorization'))
      return Promise.resolve(Response.json({ result: { data: serialize(instance) } }))
    },
  })
  await toygres.instances.get('orders')
  await toygres.instances.get('orders')
  expect(seen).toEqual(['Bearer token-1', 'Bearer token-2'])
})

test('a read is given up when it was told to, and a change is not', async () => {
  const asked: string[] = []
  const toygres = createToygres({
    url: 'http://control-plane',
    apiKey: 'k',
    readTimeoutMs: 200,
    fetch: (_, init) => {
      asked.push(init?.method ?? '')
      return new Promise((_, reject) => {
        const signal = init?.signal
        signal?.addEventListener('abort', () => reject(signal.reason as Error))
      })
    },
  })
  const error = await toygres.instances.get('orders').catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UnavailableError)
  expect(error).toMatchObject({
    message: expect.stringContaining('no answer from the control plane at http://control-plane') as string,
  })
  expect(asked).toEqual(['GET'])

  const stop = new AbortController()
  const change = toygres.instances.delete('orders', { signal: stop.signal })
  await expect(toygres.instances.get('orders')).rejects.toThrow(UnavailableError)
  // It was asked for before, and nobody has given it up.
  expect(asked).toEqual(['GET', 'POST', 'GET'])
  stop.abort(new Error('enough'))
  await expect(change).rejects.toThrow('enough')
})
