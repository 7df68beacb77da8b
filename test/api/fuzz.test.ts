import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { mutations } from '../contract/mutations.ts'
import { openApi, type OpenApi } from '../contract/open-api.ts'
import { alice, gate } from '../harness/domain/index.ts'
import { Answers, read } from './fuzz/answers.ts'
import { readDocument, type Operation } from './fuzz/document.ts'
import {
  brokenRequest,
  plainRequest,
  spoiltRequests,
  toFetch,
  validRequest,
  type FuzzRequest,
  type Target,
} from './fuzz/requests.ts'
import type { Vocabulary } from './fuzz/values.ts'

/** The same requests each time, so that red means that something changed; another `TOYGRES_TEST_SEED` explores. */
const seed = Number(process.env['TOYGRES_TEST_SEED'] ?? 1)
const bounds = { seed, endOnFailure: true, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false }

const document = await readDocument()
/** What takes away comes last. */
const operations = document.operations.toSorted((a, b) => Number(takesAway(a)) - Number(takesAway(b)))
const answers = new Answers(document)

/** What more is asked of these than a schema can say: a cursor is one that a page had, `from` is before `to`. */
const saysLittle = new Set(['cursor', 'from', 'to'])

/** Holds the create that is there to be cancelled. */
const held = gate('step.before-body', { armed: false })

let api: OpenApi
let target: Target
let vocabulary: Vocabulary

beforeAll(async () => {
  console.log(`fuzz: TOYGRES_TEST_SEED=${seed} repeats this run`)
  const often = { burst: 1e9, perSecond: 1e9 }
  const strangers = { signIns: often, failures: often }
  api = await openApi({ reach: held.reach, rates: { reads: often, writes: often, strangers } })
  target = {
    url: api.url,
    keyOf: {
      admin: await api.key('admin'),
      viewer: await api.key('viewer'),
      stranger: 'toygres_0123456789abcdef_nobody-has-this',
      nobody: null,
    },
  }
  const { domain } = api
  const { plane } = domain
  const ids = [await domain.created('orders'), await domain.created('billing')]
  const { items: known } = await plane.operations.list(alice, { limit: 10 })
  const { key } = await plane.keys.create(alice, { name: 'spare', role: 'viewer' })
  const project = await plane.projects.create(alice, { name: 'shop', quota: { instances: 1 } })
  const { webhook } = await plane.webhooks.create(alice, {
    url: 'https://hook.test',
    kinds: ['instance.failed'],
  })
  await plane.projects.update(alice, { id: 'default', quota: { instances: 16 } })
  vocabulary = {
    schemas: document.schemas,
    known: {
      InstanceIdOrName: ['orders', 'billing', ...ids],
      InstanceId: ids,
      OperationId: known.map(({ id }) => id),
      ApiKeyId: [key.id],
      WebhookId: [webhook.id],
      ProjectIdOrName: ['default', 'shop', project.id],
    },
  }
})
afterAll(async () => {
  held.open()
  await api[Symbol.asyncDispose]()
})

/** What each was asked for when it answered well. */
const well = new Map<string, FuzzRequest>()

// What is only refused proves little.
test.each(operations)('$id answers well when it is asked for what can be had', async (operation) => {
  const sample = await mutations[operation.id]?.({ domain: api.domain, held })
  const request = plainRequest(operation, { ...sample?.input }, vocabulary)
  const { status, faults } = await send(operation, request)
  expect(faults).toEqual([])
  expect(status).toBeLessThan(300)
  well.set(operation.id, request)
})

test.each(operations)('$id keeps its word where one value of all is hostile', async (operation) => {
  const request = well.get(operation.id)
  if (request === undefined) throw new Error('it did not answer well')
  for (const spoilt of spoiltRequests(operation, request, vocabulary))
    expect((await send(operation, spoilt)).faults).toEqual([])
})

test.each(operations)('$id keeps its word when it is called as the document says', async (operation) => {
  const property = fc.asyncProperty(validRequest(operation, vocabulary), async (request) => {
    const { status, faults } = await send(operation, request)
    expect(faults).toEqual([])
    if (!request.query.some(([name]) => saysLittle.has(name))) expect(status).not.toBe(400)
  })
  await fc.assert(property, { ...bounds, numRuns: 15 })
})

test.each(operations)('$id keeps its word whatever is sent', async (operation) => {
  const property = fc.asyncProperty(brokenRequest(operation, vocabulary), async (request) => {
    expect((await send(operation, request)).faults).toEqual([])
  })
  await fc.assert(property, { ...bounds, numRuns: 30 })
})

test('whatever is asked for that is not there is a problem, and nothing worse', async () => {
  const path = fc.oneof(
    fc.webPath({ size: 'small' }),
    fc.constantFrom(...operations.map((operation) => operation.path)),
    fc
      .array(fc.constantFrom('instances', 'orders', 'health', '%2e%2e', '%00', '', 'bulk', 'keys'), {
        maxLength: 5,
      })
      .map((segments) => `/${segments.join('/')}`),
  )
  const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS')
  await fc.assert(
    fc.asyncProperty(method, path, async (how, where) => {
      const answer = await read(await fetch(`${target.url}${where}`, { method: how }))
      expect(answer.status, `${how} ${where} answered ${answer.text}`).toBeLessThan(500)
      if (answer.status === 405) expect(answer.headers.get('allow')).toMatch(/^[A-Z]+(, [A-Z]+)*$/)
      if (answer.status >= 400 && how !== 'HEAD' && !where.startsWith('/trpc'))
        expect(answers.problemFaults(answer)).toEqual([])
    }),
    { ...bounds, numRuns: 300 },
  )
})

/** @returns the status, and what is wrong with the answer; nothing of what no client can send */
async function send(operation: Operation, request: FuzzRequest) {
  const asked = toFetch(operation, request, target)
  if (asked === null) return { status: null, faults: [] }
  const answer = await read(await fetch(asked))
  const { status, text } = answer
  const faults = answers.faultsOf(operation, answer)
  // A deadline of the caller's own is the one reason to give up.
  if (status >= 500 && !(status === 504 && asked.headers.has('x-request-timeout'))) faults.push('it broke')
  return {
    status,
    faults: faults.map((fault) => `${operation.id} answered ${status}, and ${fault}: ${text}`),
  }
}

function takesAway({ id }: Operation): boolean {
  return /delete|revoke/.test(id)
}
