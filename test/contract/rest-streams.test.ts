import { expect, test } from 'vitest'
import { z } from 'zod'
import { alice, ask, gate } from '../harness/domain/index.ts'
import { startCuttingProxy } from './cutting-proxy.ts'
import { openApi, type OpenApi } from './open-api.ts'

interface Event {
  readonly id: string
  readonly data: unknown
}

/** Every event of a stream, as a client follows it that connects again after each cut, until the stream or the client says that it was the last. */
async function follow(
  { admin }: OpenApi,
  url: string,
  isLast: (event: Event) => boolean = () => false,
): Promise<Event[]> {
  const seen: Event[] = []
  for (;;) {
    const last = seen.at(-1)
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${admin}`, ...(last && { 'last-event-id': last.id }) },
    }).catch(() => null)
    if (response === null) continue
    if (response.status === 204) return seen
    if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${await response.text()}`)
    for await (const fields of blocksOf(response)) {
      if (fields['event'] === 'end') return seen
      const { id, data } = fields
      if (id === undefined || data === undefined) continue
      const event = { id, data: JSON.parse(data) as unknown }
      seen.push(event)
      if (isLast(event)) return seen
    }
  }
}

/** The blocks that arrive whole, until the connection ends or is cut. */
async function* blocksOf({ body }: Response): AsyncGenerator<Record<string, string>> {
  let text = ''
  try {
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (text + chunk).split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks)
        yield Object.fromEntries(block.split('\n').map((line) => line.split(/: (.*)/s, 2)))
    }
  } catch {
    // Cut.
  }
}

const Seq = z.object({ seq: z.int() })

test('events of an operation over REST survive cuts: none is lost or repeated', async () => {
  const held = gate('step.before-body')
  await using api = await openApi({ reach: held.reach })
  await using proxy = await startCuttingProxy(api.url)
  const { sql, plane } = api.domain
  const { operation } = await plane.instances.create(alice, { name: 'watched', version: '18' })
  await held.arrived
  const following = Promise.all(
    Array.from({ length: 3 }, () => follow(api, `${proxy.url}/operations/${operation.id}/events`)),
  )
  for (let batch = 0; batch < 40; batch++)
    await sql.begin(async (tx) => {
      await tx`
        with counted as (
          update operations set last_seq = last_seq + 5 where id = ${operation.id} returning id, last_seq)
        insert into operation_events (operation_id, seq, operation_state, step, state)
        select id, last_seq - 5 + n, 'running', 'deploy', 'waiting' from counted, generate_series(1, 5) n`
      await tx`select pg_notify('toygres_operations', ${JSON.stringify({ events: [operation.id] })})`
    })
  held.open()
  await api.domain.ended(operation.id)
  const [last] = await sql<{ seq: number }[]>`
    select max(seq) as seq from operation_events where operation_id = ${operation.id}`
  const all = Array.from({ length: last?.seq ?? 0 }, (_, n) => n + 1)
  expect(all.length).toBeGreaterThan(200)
  for (const events of await following) {
    expect(events.map(({ data }) => Seq.parse(data).seq)).toEqual(all)
    expect(events.map(({ id }) => id)).toEqual(all.map(String))
  }
  expect(proxy.cuts()).toBeGreaterThan(30)
})

test('changes of instances survive cuts: the last of each arrives, in order, and nothing is begun anew', async () => {
  await using api = await openApi()
  await using proxy = await startCuttingProxy(api.url)
  const { plane } = api.domain
  const ids = await Promise.all(['a', 'b', 'c'].map((name) => api.domain.created(name)))
  const Change = z.object({
    type: z.enum(['reset', 'changed']),
    instance: z.object({ id: z.string(), labels: z.record(z.string(), z.string()) }).optional(),
  })
  const rounds = 30
  const done = new Set<string>()
  const isLast = ({ data }: Event) => {
    const { instance } = Change.parse(data)
    if (instance?.labels['round'] === String(rounds)) done.add(instance.id)
    return done.size === ids.length
  }
  const first = Promise.withResolvers<void>()
  const following = follow(api, `${proxy.url}/instance-changes`, (event) => {
    first.resolve()
    return isLast(event)
  })
  await first.promise
  for (let round = 1; round <= rounds; round++)
    for (const id of ids) await plane.instances.update(alice, { id, labels: { round: String(round) } })

  const changes = (await following).map(({ data }) => Change.parse(data))
  expect(changes.map(({ type }) => type).filter((type) => type === 'reset')).toHaveLength(1)
  for (const id of ids) {
    const told = changes
      .filter(({ instance }) => instance?.id === id)
      .map(({ instance }) => Number(instance?.labels['round'] ?? 0))
    expect(told).toEqual(told.toSorted((a, b) => a - b))
    expect(told.at(-1)).toBe(rounds)
  }
  expect(proxy.cuts()).toBeGreaterThan(10)
})

test('the log of an instance survives cuts: each line once, in order', async () => {
  await using api = await openApi()
  await using proxy = await startCuttingProxy(api.url)
  const { plane } = api.domain
  const id = await api.domain.created('talkative')
  const { connectionString } = await plane.instances.connection(alice, id)
  const Line = z.object({ position: z.string(), text: z.string() })
  const following = follow(api, `${proxy.url}/instances/${id}/logs?follow=true`, ({ data }) =>
    Line.parse(data).text.includes('this is the end'),
  )
  for (let batch = 0; batch < 20; batch++)
    await ask(
      connectionString,
      `do $$ begin for n in 1..10 loop raise log 'line % of batch ${batch}', n; end loop; end $$`,
    )
  await ask(connectionString, `do $$ begin raise log 'this is the end'; end $$`)
  const lines = (await following).map(({ data }) => Line.parse(data))
  const said = lines.flatMap(({ text }) => /line \d+ of batch \d+/.exec(text)?.[0] ?? [])
  expect(said).toEqual(
    Array.from({ length: 200 }, (_, n) => `line ${(n % 10) + 1} of batch ${Math.floor(n / 10)}`),
  )
  const whole = await follow(api, `${api.url}/instances/${id}/logs?tailLines=10000`)
  const uncut = whole.map(({ data }) => Line.parse(data))
  const begin = uncut.findIndex(({ position }) => position === lines[0]?.position)
  expect(lines).toEqual(uncut.slice(begin, begin + lines.length))
  expect(proxy.cuts()).toBeGreaterThan(5)
})
