import { z } from 'zod'
import { etag, mutationRequest } from './mutation.ts'
import { pageRequest } from './page.ts'
import { Project, ProjectIdOrName, ProjectName, Quota } from './project.ts'

export const GetProject = z.object({ id: ProjectIdOrName })

export const ListProjects = z.object({ ...pageRequest })
export type ListProjects = z.infer<typeof ListProjects>

export const ProjectPage = z.object({ items: z.array(Project), nextCursor: z.string().nullable() })
export type ProjectPage = z.infer<typeof ProjectPage>

export const CreateProject = z
  .object({
    name: ProjectName,
    /** 100 instances and 100 operations unless told. */
    quota: Quota.partial().optional(),
    ...mutationRequest,
  })
  .meta({ id: 'CreateProject' })
export type CreateProject = z.infer<typeof CreateProject>

/** What is left out stays as it is. A quota below what is in use takes nothing away; it only lets nothing be added. */
export const UpdateProject = z
  .object({ id: ProjectIdOrName, quota: Quota.partial(), etag, ...mutationRequest })
  .meta({ id: 'UpdateProject' })
export type UpdateProject = z.infer<typeof UpdateProject>

export const DeleteProject = z
  .object({ id: ProjectIdOrName, etag, ...mutationRequest })
  .meta({ id: 'DeleteProject' })
export type DeleteProject = z.infer<typeof DeleteProject>
