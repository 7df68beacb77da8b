import { readFile } from 'node:fs/promises'
import { InstanceId, InstanceName, PostgresVersion } from '@toygres/schema'
import { errnoOf, replaceFile } from '@toygres/local-postgres'
import { z } from 'zod'
import { ProviderError } from '../provider.ts'
import type { InstancePlace } from './places.ts'

/** What is kept of an instance beside its data. It holds no password: the server knows a verifier, which is enough. */
const InstanceRecord = z.object({
  id: InstanceId,
  name: InstanceName,
  version: PostgresVersion,
  port: z.int().min(1).max(65_535),
  /** Id of the control plane that made it; one that was made before there were such ids has none. */
  owner: z.uuid().optional(),
  /** From then on a missing data directory is a loss, and must not be papered over with an empty one. */
  hasData: z.boolean(),
})
export type InstanceRecord = z.infer<typeof InstanceRecord>

/**
 * Null when there is none.
 * @throws {ProviderError} DATA_DIRECTORY_CORRUPT when it cannot be understood
 */
export async function readRecord(place: InstancePlace): Promise<InstanceRecord | null> {
  let text: string
  try {
    text = await readFile(place.record, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    if (errnoOf(error) === 'EISDIR') throw notUnderstood(place, error)
    throw error
  }
  const parsed = InstanceRecord.safeParse(jsonOrNull(text))
  if (parsed.success) return parsed.data
  throw notUnderstood(place, parsed.error)
}

function notUnderstood({ record }: InstancePlace, cause: unknown): ProviderError {
  return new ProviderError(
    'DATA_DIRECTORY_CORRUPT',
    `${record} cannot be understood: restore it, or delete the instance`,
    { permanent: true, cause },
  )
}

export async function writeRecord(place: InstancePlace, record: InstanceRecord): Promise<void> {
  await replaceFile(place.record, `${JSON.stringify(record)}\n`)
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
