import { queryOptions, useQuery } from '@tanstack/react-query'
import { may } from '../app/session.ts'
import { toygres } from '../app/toygres.ts'
import { useSession } from '../app/use-session.ts'

/** What the keys are called, by who they are where something was done. Those of other projects are not among them. */
const keyNamesQuery = queryOptions({
  // Read again when the keys are.
  queryKey: ['keys', 'names'],
  queryFn: async ({ signal }) => {
    const names = new Map<string, string>()
    for await (const { id, name } of toygres.keys.list({ limit: 1000 }, { signal }))
      names.set(`api-key:${id}`, name)
    return names
  },
})

/** Who did it, by name where that is known: `api-key:…`, or the control plane itself. */
export function useSubjectName(): (subject: string) => string | undefined {
  const session = useSession()
  const { data: names } = useQuery({ ...keyNamesQuery, enabled: may(session, 'keys:read') })
  return (subject) => {
    if (subject === 'system') return 'the control plane'
    return subject === session.subject ? session.name : names?.get(subject)
  }
}

export function Subject({ subject }: { subject: string }) {
  const name = useSubjectName()(subject)
  return name === undefined ? (
    <span className="mono">{subject}</span>
  ) : (
    <span className="subject" title={subject}>
      {name}
    </span>
  )
}
