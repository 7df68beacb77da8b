import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startControlPlane, toygres } from '../harness/control-plane/index.ts'

/** Leaves out what a control plane of before single labels does not know, as that does. */
async function withoutLabelChanges(target: string) {
  const server = createServer(async (incoming, outgoing) => {
    const { method = 'GET', url = '', headers } = incoming
    const sent = (await text(incoming)).replace(/"labelChanges":\{[^}]*\},?/, '')
    const { 'content-length': _, connection: __, ...others } = headers
    const answer = await fetch(new URL(url, target), {
      method,
      headers: others as Record<string, string>,
      ...(method !== 'GET' && { body: sent }),
    })
    outgoing.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    outgoing.end(await answer.text())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

test('a control plane that is too old to change single labels is no success', async () => {
  await using plane = await startControlPlane()
  await plane.cli('create', 'orders', '--label', 'team=sales')
  await using older = await withoutLabelChanges(await plane.url())
  const env = { TOYGRES_HOME: plane.home, TOYGRES_URL: older.url, TOYGRES_API_KEY: await plane.apiKey() }
  const { code, stderr } = await toygres(['update', 'orders', '--label', 'team=ops'], env)
  expect(stderr).toContain('too old to change single labels')
  expect(code).toBe(1)
}, 180_000)
