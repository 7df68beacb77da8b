import {
  defaultProjectId,
  type Principal,
  type ProjectId,
  type ProjectIdOrName,
  type Role,
} from '@toygres/schema'
import type { ISql } from 'postgres'
import { getProject, projectNotFound } from '../projects/rows.ts'

/** Somebody whose word has been checked. */
export interface Authenticated {
  readonly subject: string
  readonly role: Role
  /** Where they belong: to the system, to a project that is there, or to those of these that are. */
  readonly of: 'system' | { readonly id: ProjectId } | { readonly named: readonly ProjectIdOrName[] }
}

/**
 * In which project a call acts: the one that it names, where its maker may act in that; otherwise the first that they belong
 * to, and the default one for whoever is of the system.
 * @throws {ToygresError} PROJECT_NOT_FOUND
 */
export async function actIn(
  sql: ISql,
  { subject, role, of }: Authenticated,
  project: ProjectIdOrName | undefined,
): Promise<Principal> {
  if (of === 'system') {
    const principal = { subject, role, projectId: defaultProjectId, system: true }
    return project === undefined
      ? principal
      : { ...principal, projectId: (await getProject(sql, principal, project)).id }
  }
  const member = (projectId: ProjectId): Principal => ({ subject, role, projectId, system: false })
  if ('named' in of) return member(await firstOf(sql, of.named, project))
  if (project !== undefined) await getProject(sql, member(of.id), project)
  return member(of.id)
}

async function firstOf(
  sql: ISql,
  named: readonly ProjectIdOrName[],
  project: ProjectIdOrName | undefined,
): Promise<ProjectId> {
  const rows = await sql<{ id: ProjectId; name: string }[]>`
    select id, name from projects
    where deleted_at is null and (id::text in ${sql([...named])} or name in ${sql([...named])})`
  const is = (idOrName: ProjectIdOrName) => rows.find(({ id, name }) => id === idOrName || name === idOrName)
  const found = project === undefined ? named.map(is).find((row) => row !== undefined) : is(project)
  if (found === undefined) throw projectNotFound(project ?? named.slice(0, 3).join(', '))
  return found.id
}
