import {
  CreateProject,
  DeleteProject,
  GetProject,
  ListProjects,
  Project,
  ProjectPage,
  UpdateProject,
} from '@toygres/schema'
import { procedure } from '../procedure.ts'
import { t } from '../trpc.ts'

export const projects = t.router({
  list: procedure('projects:read')
    .input(ListProjects)
    .output(ProjectPage)
    .query(({ ctx, input }) => ctx.controlPlane.projects.list(ctx.principal, input)),

  get: procedure('projects:read')
    .input(GetProject)
    .output(Project)
    .query(({ ctx, input }) => ctx.controlPlane.projects.get(ctx.principal, input.id)),

  create: procedure('projects:write')
    .input(CreateProject)
    .output(Project)
    .mutation(({ ctx, input }) => ctx.controlPlane.projects.create(ctx.principal, input)),

  update: procedure('projects:write')
    .input(UpdateProject)
    .output(Project)
    .mutation(({ ctx, input }) => ctx.controlPlane.projects.update(ctx.principal, input)),

  delete: procedure('projects:write')
    .input(DeleteProject)
    .output(Project)
    .mutation(({ ctx, input }) => ctx.controlPlane.projects.delete(ctx.principal, input)),
})
