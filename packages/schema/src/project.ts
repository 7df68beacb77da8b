import { z } from 'zod'
import { InstanceName, instanceNameRule } from './instance-name.ts'

/** A time-ordered UUID (version 7, RFC 9562). */
export const ProjectId = z.uuid().meta({ id: 'ProjectId' })
export type ProjectId = z.infer<typeof ProjectId>

/** The project of everything that was made without naming one. It cannot be deleted. */
export const defaultProjectId: ProjectId = '00000000-0000-7000-8000-000000000000'

/** As instances are named. */
export const ProjectName = InstanceName.meta({ id: 'ProjectName', description: instanceNameRule })
export type ProjectName = z.infer<typeof ProjectName>

/** A project by its id or its name. */
export const ProjectIdOrName = z
  .union([ProjectId, ProjectName], { error: 'expected the name or the id of a project' })
  .meta({ id: 'ProjectIdOrName' })
export type ProjectIdOrName = z.infer<typeof ProjectIdOrName>

/** How much of something a project may have; null is no limit. */
const limit = z.int().min(0).max(1_000_000).nullable()

/** What a project may have at most. */
export const Quota = z
  .object({
    /** Instances that are not deleted. */
    instances: limit,
    /** Operations under way. Deletions are never refused, and count. */
    operations: limit,
  })
  .meta({ id: 'Quota' })
export type Quota = z.infer<typeof Quota>

/** A tenant: its instances, operations, keys and webhooks are not there for the others. */
export const Project = z
  .object({
    id: ProjectId,
    name: ProjectName,
    /**
     * Changes with every change that a caller made. Not with what is used. Empty where an answer of before there were etags is
     * replayed for its idempotency key: read the project for the one it has.
     */
    etag: z.string().default(''),
    quota: Quota,
    /** How much of its quota it uses now. */
    usage: z.object({ instances: z.int(), operations: z.int() }),
    createdAt: z.date(),
    updatedAt: z.date(),
  })
  .meta({ id: 'Project' })
export type Project = z.infer<typeof Project>

export const defaultQuota: Quota = { instances: 100, operations: 100 }
