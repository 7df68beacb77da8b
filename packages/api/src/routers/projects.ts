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
import { rest } from '../rest/route.ts'
import { t } from '../trpc.ts'

export const projects = t.router({
  list: procedure('projects:read')
    .meta(rest('GET /projects', 'List projects'))
    .input(ListProjects)
    .output(ProjectPage)
    .query(({ ctx, input }) => ctx.controlPlane.projects.list(ctx.principal, input)),

  get: procedure('projects:read')
    .meta(rest('GET /projects/{id}', 'Get a project'))
    .input(GetProject)
    .output(Project)
    .query(({ ctx, input }) => ctx.controlPlane.projects.get(ctx.principal, input.id)),

  create: procedure('projects:write')
    .meta(rest('POST /projects', 'Create a project', { status: 201 }))
    .input(CreateProject)
    .output(Project)
    .mutation(({ ctx, input }) => ctx.controlPlane.projects.create(ctx.principal, input)),

  update: procedure('projects:write')
    .meta(rest('PATCH /projects/{id}', 'Change the quota of a project'))
    .input(UpdateProject)
    .output(Project)
    .mutation(({ ctx, input }) => ctx.controlPlane.projects.update(ctx.principal, input)),

  delete: procedure('projects:write')
    .meta(rest('DELETE /projects/{id}', 'Delete a project that is empty'))
    .input(DeleteProject)
    .output(Project)
    .mutation(({ ctx, input }) => ctx.controlPlane.projects.delete(ctx.principal, input)),
})
