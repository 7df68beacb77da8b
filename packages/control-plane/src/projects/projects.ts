import {
  defaultProjectId,
  defaultQuota,
  Project,
  ToygresError,
  type CreateProject,
  type DeleteProject,
  type ListProjects,
  type Principal,
  type ProjectPage,
  type UpdateProject,
} from '@toygres/schema'
import { newId } from '@toygres/workflow'
import type { Sql } from 'postgres'
import { audit } from '../access/audit.ts'
import type { Mutations } from '../access/idempotency.ts'
import type { Projects } from '../control-plane.ts'
import { checkEtag } from '../etag.ts'
import { pageOf, readCursor } from '../page.ts'
import { getProject, listProjects, lockProject } from './rows.ts'

export function projectsOf(sql: Sql, mutations: Mutations): Projects {
  async function list(principal: Principal, { cursor, limit }: ListProjects): Promise<ProjectPage> {
    return pageOf(
      'projects.list',
      await listProjects(sql, principal, { before: readCursor('projects.list', cursor), limit: limit + 1 }),
      limit,
    )
  }

  function create(principal: Principal, request: CreateProject): Promise<Project> {
    return mutations.once(principal, { name: 'projects.create', request, answer: Project }, async (tx) => {
      const { name, quota: { instances, operations } = {} } = request
      const id = newId()
      const made = await tx`
        insert into projects (id, name, max_instances, max_operations)
        values (${id}, ${name}, ${given(instances, defaultQuota.instances)}, ${given(operations, defaultQuota.operations)})
        on conflict do nothing returning id`
      if (made.length === 0)
        throw new ToygresError(
          'PROJECT_NAME_TAKEN',
          `there is a project ${name} already: choose another name`,
        )
      await audit(tx, principal, { action: 'projects.create', resourceId: id, projectId: id })
      return getProject(tx, principal, id)
    })
  }

  function update(principal: Principal, request: UpdateProject): Promise<Project> {
    return mutations.once(principal, { name: 'projects.update', request, answer: Project }, async (tx) => {
      const { id } = await lockProject(tx, request.id)
      const before = await getProject(tx, principal, id)
      checkEtag(`project ${before.name}`, before, request.etag)
      const instances = given(request.quota.instances, before.quota.instances)
      const operations = given(request.quota.operations, before.quota.operations)
      if (instances === before.quota.instances && operations === before.quota.operations) return before
      await tx`
        update projects set generation = generation + 1, updated_at = now(),
          max_instances = ${instances}, max_operations = ${operations}
        where id = ${id}`
      await audit(tx, principal, { action: 'projects.update', resourceId: id, projectId: id })
      return getProject(tx, principal, id)
    })
  }

  function remove(principal: Principal, request: DeleteProject): Promise<Project> {
    return mutations.once(principal, { name: 'projects.delete', request, answer: Project }, async (tx) => {
      const { id } = await lockProject(tx, request.id)
      const project = await getProject(tx, principal, id)
      const { name, usage } = project
      checkEtag(`project ${name}`, project, request.etag)
      if (id === defaultProjectId)
        throw new ToygresError('PROJECT_NOT_EMPTY', 'the default project cannot be deleted')
      if (usage.instances > 0 || usage.operations > 0)
        throw new ToygresError(
          'PROJECT_NOT_EMPTY',
          `project ${name} has ${usage.instances} instances, and ${usage.operations} operations under way: delete them, and wait for their end, first`,
        )
      await tx`update projects set deleted_at = now(), updated_at = now() where id = ${id}`
      await tx`delete from webhooks where project_id = ${id}`
      await tx`update api_keys set revoked_at = now() where project_id = ${id} and revoked_at is null`
      await audit(tx, principal, { action: 'projects.delete', resourceId: id, projectId: id })
      return project
    })
  }

  return {
    list,
    get: (principal, idOrName) => getProject(sql, principal, idOrName),
    create,
    update,
    delete: remove,
  }
}

/** Null is a choice, too: no limit. */
const given = (chosen: number | null | undefined, otherwise: number | null): number | null =>
  chosen === undefined ? otherwise : chosen
