import { connect, startControlPlane, type Probe } from '@toygres/control-plane'
import type { Address, InstanceProvider } from '@toygres/providers'
import { createLocalProvider } from '@toygres/providers/local'
import { z } from 'zod'

const Told = z.object({
  databaseUrl: z.string(),
  home: z.string(),
  sealingKey: z.string(),
  askNobody: z.boolean(),
  /** The provider lists all instances, as a cluster that has them would; else it has none, and is not theirs. */
  listsAll: z.boolean(),
})
const { databaseUrl, home, sealingKey, askNobody, listsAll } = Told.parse(
  JSON.parse(process.env['TOYGRES_BENCH_PLANE'] ?? '{}'),
)

const allWell: Probe = async () => ({
  failure: null,
  disk: null,
  answer: {
    latencyMs: 1,
    tls: false,
    inRecovery: false,
    readOnly: false,
    connections: 1,
    maxConnections: 97,
    oldestTransactionSeconds: null,
  },
})

/** Reports are data on stdout; what goes wrong is for people. */
const logger = {
  info: (fields: object) => void process.stdout.write(`${JSON.stringify(fields)}\n`),
  warn: (fields: object, message: string) =>
    void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
  error: (fields: object, message: string) =>
    void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
}

async function providerOfAll(): Promise<InstanceProvider> {
  const sql = connect(databaseUrl, { max: 1, applicationName: 'bench provider' })
  const found = await sql<{ id: string; name: string; address: Address }[]>`
    select id, name, jsonb_build_object('host', host, 'port', port) as address from instances`
  await sql.end()
  const list = found.map(({ id, name, address }) => ({
    id,
    name,
    observation: { phase: 'ready', address } as const,
  }))
  const of = new Map(list.map(({ id, observation }) => [id, observation]))
  return {
    ...createLocalProvider({ home }),
    name: 'kubernetes',
    list: async () => list,
    observe: async ({ id }) => of.get(id) ?? { phase: 'absent' },
  }
}

await startControlPlane({
  databaseUrl,
  embedded: false,
  provider: listsAll ? await providerOfAll() : createLocalProvider({ home }),
  sealingKey: Buffer.from(sealingKey, 'hex'),
  version: 'bench',
  logger,
  ...(askNobody && { probe: allWell }),
})
