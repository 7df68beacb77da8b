import { createServer, type IncomingHttpHeaders } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { until } from '../harness/until.ts'

let plane: TestControlPlane
beforeAll(async () => {
  plane = await startControlPlane({ env: { TOYGRES_WEBHOOK_PRIVATE_ADDRESSES: 'allow' } })
}, 180_000)
afterAll(() => plane[Symbol.asyncDispose]())

test('a webhook is made, told, asked what it was sent, sent it again, disabled and deleted', async () => {
  const received: IncomingHttpHeaders[] = []
  const server = createServer((request, response) => {
    received.push(request.headers)
    request.resume()
    response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`

  const made = await plane.cli('webhooks', 'create', url, '--on', 'instance.running', 'instance.deleted')
  expect(made.code, made.stderr).toBe(0)
  expect(made.stdout).toMatch(/^whsec_\S{44}\n$/)
  const id = (await plane.cli('webhooks', 'list', '-o', 'name')).stdout.trim()
  await plane.cli('create', 'told')
  await until(() => Promise.resolve(received.length === 1))

  const listed = async () => (await plane.cli('webhooks', 'deliveries', id, '--no-headers')).stdout
  await until(async () => (await listed()).includes('delivered'))
  const sent = await listed()
  expect(sent).toMatch(/^\S{36} +instance\.running +delivered +1 +HTTP 204 /)
  const [deliveryId = ''] = sent.split(' ')
  expect(received[0]?.['webhook-id']).toBe(deliveryId)
  expect((await plane.cli('webhooks', 'redeliver', id, deliveryId)).stdout).toContain('pending')
  await until(() => Promise.resolve(received.length === 2))

  expect((await plane.cli('webhooks', 'update', id, '--disable')).stdout).toContain('disabled')
  expect((await plane.cli('webhooks', 'get', id)).stdout).toContain('it was disabled by a call')
  expect((await plane.cli('webhooks', 'delete', id)).code).toBe(0)
  expect((await plane.cli('webhooks', 'list')).stderr).toContain('There are no webhooks.')
  server.close()
}, 120_000)

const nobody = '01981d3e-0000-7000-8000-000000000009'
test.for([
  [['webhooks', 'create', 'https://hook.test'], 2, '--on'],
  [['webhooks', 'create', 'https://hook.test', '--on', 'noon'], 2, 'Allowed choices are instance.creating'],
  [['webhooks', 'create', 'ftp://hook.test', '--on', 'instance.failed'], 2, 'an https:// URL'],
  [['webhooks', 'update', nobody], 2, 'there is nothing to change'],
  [['webhooks', 'update', nobody, '--enable', '--disable'], 2, 'exclude each other'],
  [['webhooks', 'get', nobody], 3, 'there is no webhook'],
] as const)('%j ends with %i', async ([args, code, sentence]) => {
  const ended = await plane.cli(...args)
  expect(ended).toMatchObject({ code, stdout: '' })
  expect(ended.stderr).toContain(sentence)
})
