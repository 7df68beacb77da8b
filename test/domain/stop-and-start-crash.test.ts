import { findServer } from '@toygres/local-postgres'
import type { CrashPoint } from '@toygres/workflow'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, ask, openDomain, type Domain } from '../harness/domain/index.ts'
import { died, startProcess } from '../harness/killable-process.ts'
import { until } from '../harness/until.ts'

let domain: Domain
let id: string
let connectionString: string
beforeAll(async () => {
  domain = await openDomain()
  id = await domain.created('mortal')
  connectionString = (await domain.plane.instances.connection(alice, id)).connectionString
  await ask(connectionString, 'create table kept as select 42 as answer')
})
afterAll(() => domain[Symbol.asyncDispose]())

/** Asks in a process that dies there, and has another go on. */
async function crashing(verb: 'stop' | 'start', crashAt: CrashPoint, times: number): Promise<void> {
  const { home, databaseUrl, sealingKey } = domain
  const told = { databaseUrl, home, sealingKey, verb, id, crashAt, times }
  await domain.restart(async () => {
    const main = new URL('asking-main.ts', import.meta.url)
    await died(await startProcess(main, { env: { TOYGRES_TEST_ASKING: JSON.stringify(told) } }))
  })
  // One that died before anything was committed has asked for nothing.
  const { operation } = await domain.plane.instances[verb](alice, { id })
  if (operation !== null) expect(await domain.ended(operation.id)).toMatchObject({ state: 'succeeded' })
}

const checks = () => domain.sql`
  select from pgboss.job j join instances i on j.id = i.health_check_job_id
  where j.name = 'health-checks' and j.singleton_key = ${id} and j.state <= 'active'`
const allChecks = () => domain.sql`
  select from pgboss.job where name = 'health-checks' and singleton_key = ${id} and state <= 'active'`

const points: readonly (readonly [CrashPoint, number])[] = [
  ['turn.transacted', 1],
  ['turn.recorded', 1],
  ['turn.recorded', 2],
  ['turn.recorded', 3],
  ['turn.claimed', 1],
  ['turn.committed', 1],
  // The server is ended, or started; then looked at.
  ['step.before-body', 1],
  ['step.before-body', 2],
  ['step.after-body', 1],
  ['step.after-body', 2],
]

test.for(points)(
  'a control plane that is killed at %s (%i) stops and starts it all the same',
  async ([point, times]) => {
    await crashing('stop', point, times)
    expect(await domain.plane.instances.get(alice, id)).toMatchObject({
      state: 'stopped',
      stateReason: null,
      healthStatus: 'unknown',
    })
    expect(await findServer(`${domain.home}/instances/${id}/data`)).toBeNull()
    expect(await allChecks()).toHaveLength(0)
    expect(await domain.sql`select from instance_health where instance_id = ${id}`).toHaveLength(0)

    await crashing('start', point, times)
    expect(await domain.plane.instances.get(alice, id)).toMatchObject({ state: 'running', stateReason: null })
    expect(await ask(connectionString, 'select answer from kept')).toEqual([{ answer: 42 }])
    // A check that runs just now is replaced by its successor in one transaction: there is one at each moment.
    await until(async () => (await checks()).length === 1)
    expect(await allChecks()).toHaveLength(1)
  },
)
