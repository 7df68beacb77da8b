import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { isThere } from '@toygres/local-postgres'
import { z } from 'zod'
import type { Home } from './home.ts'
import { readStateFile, writeStateFile } from './state-file.ts'
import { UserError } from './user-error.ts'

const Secrets = z.object({
  /** 32 bytes, base64: seals the instances' passwords. Who loses it has lost them. */
  sealingKey: z.base64(),
  /** Of the metadata PostgreSQL that we run ourselves. */
  metadataPassword: z.string().min(16),
})
export interface Secrets {
  readonly sealingKey: Uint8Array
  readonly metadataPassword: string
}

/** Made on the first run and kept in the home; `TOYGRES_SEALING_KEY` takes precedence over the kept sealing key. */
export async function readOrMakeSecrets(home: Home, env: NodeJS.ProcessEnv): Promise<Secrets> {
  const secrets = (await readStateFile(home.secrets, Secrets)) ?? (await makeFirst(home))
  const sealingKey = Buffer.from(env['TOYGRES_SEALING_KEY'] ?? secrets.sealingKey, 'base64')
  if (sealingKey.length !== 32)
    throw new UserError(
      'TOYGRES_SEALING_KEY must be 32 bytes in base64: make one with "openssl rand -base64 32"',
    )
  return { sealingKey, metadataPassword: secrets.metadataPassword }
}

/** @throws {UserError} when there is a database already, which only the secrets of its time open */
async function makeFirst(home: Home): Promise<z.infer<typeof Secrets>> {
  if (await isThere(join(home.metadata, 'data')))
    throw new UserError(
      `${home.secrets} is gone, and ${home.metadata} cannot be opened without it: put it back from your backup`,
    )
  const secrets = {
    sealingKey: randomBytes(32).toString('base64'),
    metadataPassword: randomBytes(24).toString('base64url'),
  }
  await writeStateFile(home.secrets, secrets)
  return secrets
}
