import { appRouter } from '@toygres/api/router'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'
import { startPlaneProxy, type PlaneProxy } from '../harness/plane-proxy.ts'
import { until } from '../harness/until.ts'
import { start } from './running.ts'

let plane: TestControlPlane
let proxy: PlaneProxy
let env: NodeJS.ProcessEnv
beforeAll(async () => {
  plane = await startControlPlane()
  proxy = await startPlaneProxy(await plane.url())
  env = { TOYGRES_URL: proxy.url, TOYGRES_API_KEY: await plane.apiKey() }
})
afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  await plane[Symbol.asyncDispose]()
})

/** What earlier lines of the story made, by the name that later ones know it by. */
const made = new Map<string, string>()
const the = (what: string) => made.get(what) ?? `no ${what} was made`

const keep = (what: string) => (stdout: string) => {
  const { [what]: thing } = JSON.parse(stdout) as Record<string, { id: string }>
  made.set(what, thing?.id ?? '')
}
const keepFirst = (what: string) => (stdout: string) => {
  const { items } = JSON.parse(stdout) as { items: { id: string }[] }
  made.set(what, items[0]?.id ?? '')
}

interface Line {
  readonly type: () => string[]
  readonly learn?: (stdout: string) => void
  /** As the control plane says it where there is nothing to do. */
  readonly code?: number
}

const line = (text: string, learn?: Line['learn']): Line => ({
  type: () => text.split(' ').map((word) => (word.startsWith(':') ? the(word.slice(1)) : word)),
  ...(learn && { learn }),
})

/** For each procedure of the API a command that calls it; one after the other, they are a story. */
const story: Record<string, Line> = {
  'system.health': line('doctor'),
  'system.status': line('status'),
  'system.activity': line('activity'),
  'instances.create': line('create orders --version 17'),
  'instances.createMany': line('create one two --no-wait'),
  'instances.list': line('list'),
  'instances.get': line('get orders'),
  'instances.update': line('update orders --label team=payments'),
  'instances.connection': line('url orders'),
  'instances.logs': line('logs orders --tail 1'),
  'operations.list': line('ops list --instance orders -o json', keepFirst('operation')),
  'operations.get': line('ops get :operation'),
  'operations.events': line('events orders'),
  'operations.graph': line('ops graph :operation'),
  'operations.watch': line('ops watch :operation'),
  'operations.cancel': { ...line('ops cancel :operation'), code: 4 },
  'operations.retry': { ...line('ops retry :operation'), code: 4 },
  'health.get': line('health get orders'),
  'health.list': line('top --once --sort latency'),
  'health.configure': line('health set orders --every 1h'),
  'health.history': line('health history orders'),
  'health.events': line('health events orders'),
  'drift.list': line('drift list'),
  'keys.create': line('keys create lent --role viewer -o json', keep('key')),
  'keys.list': line('keys list'),
  'keys.get': line('keys get :key'),
  'keys.rotate': line('keys rotate :key -o json', keep('key')),
  'keys.revoke': line('keys revoke :key'),
  'projects.create': line('projects create acme'),
  'projects.list': line('projects list'),
  'projects.get': line('projects get acme'),
  'projects.update': line('projects update acme --max-instances 3'),
  'projects.delete': line('projects delete acme'),
  'webhooks.create': line(
    'webhooks create https://example.com/told --on instance.running -o json',
    keep('webhook'),
  ),
  'webhooks.list': line('webhooks list'),
  'webhooks.get': line('webhooks get :webhook'),
  'webhooks.update': line('webhooks update :webhook --disable'),
  'webhooks.deliveries': line('webhooks deliveries :webhook'),
  'webhooks.redeliver': {
    ...line('webhooks redeliver :webhook 01a20be1-26ef-7384-913c-a2b94ca8fc36'),
    code: 3,
  },
  'webhooks.delete': line('webhooks delete :webhook'),
  'audit.list': line('audit list'),
  'instances.stop': line('stop orders'),
  'instances.start': line('start orders'),
  'instances.deleteMany': line('delete one two --yes'),
  'instances.delete': line('delete orders --yes'),
}

test.each(Object.entries(story))(
  '%s is called by a command',
  async (procedure, { type, learn, code = 0 }) => {
    proxy.taken()
    const ended = await plane.cliWith(env, ...type())
    expect(ended.code, `${type().join(' ')}: ${ended.stderr}`).toBe(code)
    learn?.(ended.stdout)
    expect(proxy.taken()).toContain(`/trpc/${procedure}`)
  },
)

test('instances.watch is what a list that is watched listens to', async () => {
  await using list = start(['list', '--watch'], { ...plane.env, ...env })
  // Before there is anything to tell: what is there at its first look needs no listening.
  await until(async () => proxy.asked('/trpc/instances.watch') > 0)
  await plane.cli('create', 'new')
  await list.says(/^new .*running/m)
})

test('there is a command for every procedure', () => {
  // where tRPC keeps what was declared
  const procedures = Object.keys(appRouter._def.procedures)
  expect([...Object.keys(story), 'instances.watch'].toSorted()).toEqual(procedures.toSorted())
})
