import { ToygresError, type RotateApiKey } from '@toygres/schema'
import type { ISql } from 'postgres'
import { z } from 'zod'
import { createApiKey, type IssuedApiKey } from './api-keys.ts'

const Old = z.object({
  name: z.string(),
  role: z.enum(['viewer', 'operator', 'admin']),
  projectId: z.string().nullable(),
  /** As long as the old one was made for. */
  validDays: z.int().nullable(),
  usable: z.boolean(),
})

/**
 * Makes a key in the place of another, with its name, role and project, and lets the old one go on for so long.
 * @throws {ToygresError} API_KEY_NOT_ACTIVE for one that opens nothing any more, or has a successor already
 */
export async function rotateApiKey(
  tx: ISql,
  { id, overlapSeconds, validDays }: Pick<RotateApiKey, 'id' | 'overlapSeconds' | 'validDays'>,
): Promise<IssuedApiKey> {
  const [row] = await tx`
    select name, role, project_id as "projectId",
      ceil(extract(epoch from expires_at - created_at) / 86400)::integer as "validDays",
      revoked_at is null and replaced_by is null and coalesce(expires_at > now(), true) as usable
    from api_keys where id = ${id} for update`
  const old = Old.parse(row)
  if (!old.usable)
    throw new ToygresError(
      'API_KEY_NOT_ACTIVE',
      `API key ${id} is expired, revoked or replaced already: create a new one`,
    )
  const days = validDays ?? old.validDays
  const { name, role, projectId } = old
  const made = await createApiKey(tx, { name, role, projectId, ...(days !== null && { validDays: days }) })
  await tx`
    update api_keys set replaced_by = ${made.id},
      expires_at = least(expires_at, now() + ${overlapSeconds} * interval '1 second')
    where id = ${id}`
  return made
}
