import { queryOptions, useQuery } from '@tanstack/react-query'
import { defaultProjectId } from '@toygres/schema'
import type { Project } from '@toygres/sdk'
import { project } from '../app/project.ts'
import { outsideProject } from '../app/toygres.ts'
import { useSession } from '../app/use-session.ts'

/** Those that the session may see: all of them, or its own. */
export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: async ({ signal }) => {
    const projects: Project[] = []
    for await (const one of outsideProject.projects.list({ limit: 1000 }, { signal })) projects.push(one)
    return projects.toSorted((a, b) => a.name.localeCompare(b.name))
  },
})

/** The project of this page; null where there is no such project, undefined until that is known. */
export function useCurrentProject(): Project | null | undefined {
  const { projectId } = useSession()
  const { data: projects } = useQuery(projectsQuery)
  const wanted = project ?? projectId ?? defaultProjectId
  return projects && (projects.find(({ id, name }) => id === wanted || name === wanted) ?? null)
}
