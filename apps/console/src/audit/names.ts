import { queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useSubjectName } from '../access/subject.tsx'
import { may } from '../app/session.ts'
import { toygres } from '../app/toygres.ts'
import { useSession } from '../app/use-session.ts'
import { instancesQuery } from '../live/queries.ts'
import { projectsQuery } from '../projects/queries.ts'
import { webhooksQuery } from '../webhooks/queries.ts'

/** Of the newest ones, deleted ones among them: what was done to them is still told. */
const instanceNamesQuery = queryOptions({
  queryKey: ['instance-names'],
  queryFn: async ({ signal }) => {
    const { items } = await toygres.instances.list({ includeDeleted: true, limit: 1000 }, { signal })
    return new Map(items.map(({ id, name }) => [id, name]))
  },
})

/** What something is called that has an id in the audit log; undefined where that is not known. */
export function useNames(): (id: string) => string | undefined {
  const session = useSession()
  const subjectName = useSubjectName()
  const { data: instances } = useQuery(instancesQuery)
  const { data: everyInstance } = useQuery(instanceNamesQuery)
  const { data: projects } = useQuery(projectsQuery)
  const { data: webhooks } = useInfiniteQuery({
    ...webhooksQuery,
    enabled: may(session, 'webhooks:read'),
  })
  return (id) =>
    instances?.find((one) => one.id === id)?.name ??
    everyInstance?.get(id) ??
    subjectName(`api-key:${id}`) ??
    projects?.find((one) => one.id === id)?.name ??
    webhooks?.pages.flatMap(({ items }) => items).find((one) => one.id === id)?.url
}
