import { keepPreviousData, skipToken, useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { CreateInstance, Plan } from '@toygres/sdk'
import { queryClient } from '../app/query-client.ts'
import { toygres } from '../app/toygres.ts'
import { explain } from '../ui/explain.ts'
import { Loading } from '../ui/states.tsx'
import './creation-plan.css'

/** What the control plane would do for this input, as JSON, or why it would refuse. */
export function usePlan(text: string | undefined, isAsked: boolean): UseQueryResult<Plan> {
  return useQuery({
    queryKey: ['plan', text],
    queryFn:
      text === undefined
        ? skipToken
        : ({ signal }) => toygres.instances.planCreate(JSON.parse(text) as CreateInstance, { signal }),
    enabled: isAsked,
    // The same words may be refused a moment later.
    staleTime: 0,
    gcTime: 0,
    ...(text !== undefined && { placeholderData: keepPreviousData }),
  })
}

/** One that is on its way would be told that the name is taken: by the very instance that is made. */
export const stopPlanning = (): Promise<void> => queryClient.cancelQueries({ queryKey: ['plan'] })

export function CreationPlan({
  plan: { data: plan, error, isLoading, isPlaceholderData },
}: {
  plan: UseQueryResult<Plan>
}) {
  return (
    <section className="card creation-plan" aria-labelledby="plan" aria-busy={isLoading || isPlaceholderData}>
      <div className="card-head">
        <h2 id="plan">The plan</h2>
        {plan?.workflow && <span className="faint mono">{plan.workflow}</span>}
      </div>
      {error ? (
        <p className="card-body soft">{explain(error)}</p>
      ) : plan ? (
        <ol>
          {plan.steps.map(({ name, undoable }) => (
            <li key={name}>
              <span className="mono">{name}</span>
              {undoable && <span className="faint">undone if it fails later</span>}
            </li>
          ))}
        </ol>
      ) : isLoading ? (
        <Loading what="the plan" />
      ) : (
        <p className="card-body soft">The steps that would be run show here as soon as there is a name.</p>
      )}
    </section>
  )
}
