import { defaultProjectId, type Principal, type ProjectIdOrName, type Role } from '@toygres/schema'
import type { ISql } from 'postgres'
import { getProject } from '../projects/rows.ts'

/** Somebody whose word has been checked. */
export interface Authenticated {
  readonly subject: string
  readonly role: Role
  /** The project that they belong to; null where it is the system. */
  readonly of: string | null
}

/**
 * In which project a call acts: who belongs to one acts in that one, whoever is of the system in the one that is named, and
 * in the default one where none is.
 * @throws {ToygresError} PROJECT_NOT_FOUND
 */
export async function actIn(
  sql: ISql,
  { subject, role, of }: Authenticated,
  project: ProjectIdOrName | undefined,
): Promise<Principal> {
  const principal = { subject, role, projectId: of ?? defaultProjectId, system: of === null }
  if (project === undefined) return principal
  const { id } = await getProject(sql, principal, project)
  return { ...principal, projectId: id }
}
