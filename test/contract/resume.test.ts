import { expect, test } from 'vitest'
import { z } from 'zod'
import { alice, gate } from '../harness/domain/index.ts'
import { openApi } from './open-api.ts'
import { startCuttingProxy } from './cutting-proxy.ts'

const Event = z.object({ json: z.object({ seq: z.int(), operationState: z.string() }) })

/** Reads one connection to its end; true when the server said that this was all. Half an event is not one. */
async function read(response: Response, onEvent: (id: string, data: string) => void): Promise<boolean> {
  let text = ''
  let finished = false
  const take = (block: string) => {
    const field = (name: string) =>
      block
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2)
    if (field('event') === 'return') finished = true
    const [id, data] = [field('id'), field('data')]
    if (id !== undefined && data !== undefined) onEvent(id, data)
  }
  try {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (text + chunk).split('\n\n')
      text = blocks.pop() ?? ''
      blocks.forEach(take)
    }
  } catch {
    // Cut.
  }
  return finished
}

test('watchers whose connections are cut again and again miss nothing and see nothing twice', async () => {
  const held = gate('step.before-body')
  await using api = await openApi({ reach: held.reach })
  await using proxy = await startCuttingProxy(api.url)
  const { sql, plane } = api.domain
  const key = await api.key('viewer')
  const { operation } = await plane.instances.create(alice, { name: 'watched', version: '18' })
  await held.arrived

  const watch = async (): Promise<number[]> => {
    const seen: number[] = []
    for (let finished = false; !finished;) {
      const input = JSON.stringify({
        json: { id: operation.id, ...(seen.length > 0 && { lastEventId: String(seen.at(-1)) }) },
      })
      const response = await fetch(`${proxy.url}/trpc/operations.watch?input=${encodeURIComponent(input)}`, {
        headers: { authorization: `Bearer ${key}` },
      }).catch(() => null)
      if (response === null) continue
      finished = await read(response, (id, data) => {
        const { seq } = Event.parse(JSON.parse(data)).json
        expect(id).toBe(String(seq))
        seen.push(seq)
      })
    }
    return seen
  }
  const watching = Promise.all(Array.from({ length: 6 }, watch))
  for (let batch = 0; batch < 60; batch++)
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
  expect(all.length).toBeGreaterThan(300)
  for (const seen of await watching) expect(seen).toEqual(all)
  expect(proxy.cuts()).toBeGreaterThan(100)
})
