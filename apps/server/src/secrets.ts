import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { isThere } from '@toygres/local-postgres'
import { z } from 'zod'
import type { Home } from './home.ts'
import { readStateFile, writeStateFile } from './state-file.ts'
import { UserError } from './user-error.ts'

const isSealingKey = ({ length }: Uint8Array): boolean => length === 32

const Secrets = z.object({
  /** Base64; seals the instances' passwords. Who loses it has lost them. */
  sealingKey: z.base64().refine((key) => isSealingKey(Buffer.from(key, 'base64'))),
  /** Of the metadata PostgreSQL that we run ourselves. */
  metadataPassword: z.string().min(16),
})
export interface Secrets {
  readonly sealingKey: Uint8Array
  readonly metadataPassword: string
}

/** Of one that is gone and of one that is spoilt: to move that away would help nobody. */
const putBack = 'put it back from your backup, without it nothing that is kept here can be opened'

/** Made on the first run and kept in the home; `TOYGRES_SEALING_KEY` takes precedence over the kept sealing key. */
export async function readOrMakeSecrets(home: Home, env: NodeJS.ProcessEnv): Promise<Secrets> {
  const secrets = (await readStateFile(home.secrets, Secrets, putBack)) ?? (await makeFirst(home))
  const sealingKey = Buffer.from(env['TOYGRES_SEALING_KEY'] ?? secrets.sealingKey, 'base64')
  if (!isSealingKey(sealingKey))
    throw new UserError(
      'TOYGRES_SEALING_KEY must be 32 bytes in base64: make one with "openssl rand -base64 32"',
    )
  return { sealingKey, metadataPassword: secrets.metadataPassword }
}

/** @throws {UserError} when there is a database already, which only the secrets of its time open */
async function makeFirst(home: Home): Promise<z.infer<typeof Secrets>> {
  if (await isThere(join(home.metadata, 'data'))) throw new UserError(`${home.secrets} is gone: ${putBack}`)
  const secrets = {
    sealingKey: randomBytes(32).toString('base64'),
    metadataPassword: randomBytes(24).toString('base64url'),
  }
  await writeStateFile(home.secrets, secrets)
  return secrets
}
