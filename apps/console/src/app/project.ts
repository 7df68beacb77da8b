import { ProjectIdOrName } from '@toygres/schema'
import { z } from 'zod'

/** Part of every address, so that it can be passed on. */
export const ProjectSearch = z.object({ project: ProjectIdOrName.optional().catch(undefined) })

/**
 * The project that this page acts in; undefined for the one that the key acts in unless told. It stays the same for as
 * long as the page lives: another one is another page, so that nothing of one project can show up in another.
 */
export const project: ProjectIdOrName | undefined = ProjectSearch.parse({
  project: new URLSearchParams(location.search).get('project') ?? undefined,
}).project

export function goToProject(name: string): void {
  location.assign(`${import.meta.env.BASE_URL}?project=${encodeURIComponent(name)}`)
}

/** Where the key acts unless told. */
export function leaveProject(): void {
  location.assign(import.meta.env.BASE_URL)
}
