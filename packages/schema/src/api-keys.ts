import { z } from 'zod'
import { mutationRequest } from './mutation.ts'
import { pageRequest } from './page.ts'
import { Role } from './permissions.ts'
import { ProjectId } from './project.ts'
import { isWellFormed } from './well-formed.ts'

/** The public part of an API key: names it, and opens nothing. */
export const ApiKeyId = z
  .string()
  .regex(/^[0-9a-f]{16}$/, 'the id of an API key is 16 hexadecimal digits: its middle part')
  .meta({ id: 'ApiKeyId' })
export type ApiKeyId = z.infer<typeof ApiKeyId>

export const ApiKey = z
  .object({
    id: ApiKeyId,
    /** Null for a key of the system, which opens every project. */
    projectId: ProjectId.nullable(),
    /** What people call it. */
    name: z.string(),
    role: Role,
    /** Only an active one opens anything. */
    state: z.enum(['active', 'expired', 'revoked']),
    createdAt: z.date(),
    /** To the minute. */
    lastUsedAt: z.date().nullable(),
    expiresAt: z.date().nullable(),
    revokedAt: z.date().nullable(),
    /** The key that has taken its place; this one opens until it expires. */
    replacedBy: ApiKeyId.nullable(),
  })
  .meta({ id: 'ApiKey' })
export type ApiKey = z.infer<typeof ApiKey>

const validDays = z.int().min(1).max(3650).optional()

export const CreateApiKey = z
  .object({
    name: z
      .string()
      .trim()
      .min(1, 'a key needs a name')
      .max(100)
      .regex(/^\P{Cc}*$/u, 'the name of a key has no control characters')
      .refine(isWellFormed, 'the name of a key is not well-formed Unicode'),
    role: Role,
    /** Of the system in place of the project: only a key of the system can make one. */
    system: z.boolean().optional(),
    /** Days until it expires; without it, it never does. */
    validDays,
    ...mutationRequest,
  })
  .meta({ id: 'CreateApiKey' })
export type CreateApiKey = z.infer<typeof CreateApiKey>

/** `secret` is what calls are made with. It is told this once. */
export const CreatedApiKey = z.object({ key: ApiKey, secret: z.string() }).meta({ id: 'CreatedApiKey' })
export type CreatedApiKey = z.infer<typeof CreatedApiKey>

export const RevokeApiKey = z.object({ id: ApiKeyId, ...mutationRequest }).meta({ id: 'RevokeApiKey' })
export type RevokeApiKey = z.infer<typeof RevokeApiKey>

/** A new key in the place of one, with its name, role and project. */
export const RotateApiKey = z
  .object({
    id: ApiKeyId,
    /** How long the old one still opens: a day unless told, 30 days at most, 0 for not at all. */
    overlapSeconds: z
      .int()
      .min(0)
      .max(30 * 86_400)
      .default(86_400),
    /** Days until the new one expires; as long as the old one was made for unless told. */
    validDays,
    ...mutationRequest,
  })
  .meta({ id: 'RotateApiKey' })
export type RotateApiKey = z.infer<typeof RotateApiKey>

export const GetApiKey = z.object({ id: ApiKeyId })

export const ListApiKeys = z.object({ ...pageRequest })
export type ListApiKeys = z.infer<typeof ListApiKeys>

export const ApiKeyPage = z.object({ items: z.array(ApiKey), nextCursor: z.string().nullable() })
export type ApiKeyPage = z.infer<typeof ApiKeyPage>
