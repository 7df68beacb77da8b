import { startControlPlane, type Probe } from '@toygres/control-plane'
import { createLocalProvider } from '@toygres/providers/local'
import { z } from 'zod'

const Told = z.object({
  databaseUrl: z.string(),
  home: z.string(),
  sealingKey: z.string(),
  askNobody: z.boolean(),
})
const { databaseUrl, home, sealingKey, askNobody } = Told.parse(
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

await startControlPlane({
  databaseUrl,
  embedded: false,
  provider: createLocalProvider({ home }),
  sealingKey: Buffer.from(sealingKey, 'hex'),
  version: 'bench',
  logger,
  ...(askNobody && { probe: allWell }),
})
