import { randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createSealer } from '@toygres/control-plane'
import { removeTree } from '@toygres/local-postgres'
import { defaultProjectId } from '@toygres/schema'
import { newId } from '@toygres/workflow'
import { expect, test } from 'vitest'
import { kill, startProcess } from '../harness/killable-process.ts'
import { createTestDatabase } from '../harness/postgres/index.ts'
import { happeningsIn } from './happenings.ts'
import { openReceiver } from './receiver.ts'

test('a control plane that is killed while it sends: the event is sent again, and those after it in order', async () => {
  await using database = await createTestDatabase()
  await using receiver = await openReceiver()
  const home = await mkdtemp(join(tmpdir(), 'toygres-webhooks-'))
  const sealingKey = randomBytes(32)
  const told = { databaseUrl: database.url, home, sealingKey: sealingKey.toString('hex') }
  const start = () =>
    startProcess(new URL('plane-main.ts', import.meta.url), {
      env: { TOYGRES_TEST_PLANE: JSON.stringify(told) },
    })
  const sql = connect(database.url, { max: 2, applicationName: 'test' })
  const happen = happeningsIn(sql)
  const id = newId()
  const sealed = createSealer(sealingKey).seal('whsec_AAAA', `webhook ${id}`)
  await sql`
    insert into webhooks (id, project_id, url, kinds, sealed_secret) values
      (${id}, ${defaultProjectId}, ${receiver.url}, '{instance.creating,instance.running}', ${sealed})`

  const killed = await start()
  // It has got the message, and does not answer.
  receiver.answer = () => new Promise(() => {})
  const instance = await happen.appear('cut-off')
  await expect.poll(() => receiver.received.length).toBe(1)
  await kill(killed)
  await happen.become(instance, 'running')
  receiver.answer = () => 204

  const peer = await start()
  try {
    await happen.lose()
    await expect
      .poll(() => receiver.received.map(({ type }) => type))
      .toEqual(['instance.creating', 'instance.creating', 'instance.running'])
    const [first, second] = receiver.received
    expect(second?.id).toBe(first?.id)
    const states = async () =>
      (await sql<{ state: string }[]>`select state from webhook_deliveries order by seq`).map(
        ({ state }) => state,
      )
    await expect.poll(states).toEqual(['delivered', 'delivered'])
  } finally {
    await kill(peer)
    await sql.end()
    await removeTree(home)
  }
})
