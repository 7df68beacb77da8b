import { startControlPlane } from '@toygres/control-plane'
import { createLocalProvider } from '@toygres/providers/local'
import { z } from 'zod'

// A control plane in a process of its own, so that it can really be killed.
const Told = z.object({ databaseUrl: z.string(), home: z.string(), sealingKey: z.string() })
const { databaseUrl, home, sealingKey } = Told.parse(JSON.parse(process.env['TOYGRES_TEST_PLANE'] ?? '{}'))

await startControlPlane({
  databaseUrl,
  embedded: false,
  provider: createLocalProvider({ home }),
  sealingKey: Buffer.from(sealingKey, 'hex'),
  version: 'test',
  logger: { info() {}, warn() {}, error() {} },
  webhooks: { allowPrivateAddresses: true },
})
process.stdout.write('ready\n')
