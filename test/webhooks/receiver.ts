import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

const Body = z.object({
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.object({ projectId: z.uuid(), instance: z.looseObject({ id: z.uuid(), name: z.string() }) }),
})

export interface Received {
  readonly id: string
  readonly type: string
  readonly instance: string
  readonly raw: string
  readonly headers: IncomingMessage['headers']
}

/** The other end of webhooks: a real server, which says what it got and answers as it is told. */
export interface Receiver extends AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly received: Received[]
  /** Connections that were ever made to it. */
  readonly connections: number
  /** Messages that have not been answered, now and at most. */
  readonly open: { now: number; most: number }
  /** The status to answer with, once it settles; 204 unless told. */
  answer: (message: Received) => number | Promise<number>
  /** The headers of answers. */
  readonly answerHeaders: Record<string, string>
}

export async function openReceiver(): Promise<Receiver> {
  const received: Received[] = []
  let connections = 0
  const server = createServer((request, response) => {
    void (async () => {
      let raw = ''
      for await (const chunk of request.setEncoding('utf8')) raw += String(chunk)
      const { type, data } = Body.parse(JSON.parse(raw))
      const id = String(request.headers['webhook-id'])
      const message = { id, type, instance: data.instance.name, raw, headers: request.headers }
      receiver.open.now++
      receiver.open.most = Math.max(receiver.open.most, receiver.open.now)
      received.push(message)
      const status = await receiver.answer(message)
      receiver.open.now--
      response.writeHead(status, receiver.answerHeaders).end('thank you')
    })().catch(() => response.destroy())
  })
  server.on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook?from=toygres`,
    port,
    received,
    get connections() {
      return connections
    },
    open: { now: 0, most: 0 },
    answer: () => 204,
    answerHeaders: {},
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return receiver
}

/** As the specification of Standard Webhooks says that a receiver does it. */
export function isSignedWith(secret: string, { headers, raw }: Received): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${raw}`
  const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
  return headers['webhook-signature'] === expected
}
