import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Operation } from '@toygres/sdk'
import { Ban, RotateCcw } from 'lucide-react'
import { usePageActions } from '../app/page-actions.ts'
import { may } from '../app/session.ts'
import { toygres } from '../app/toygres.ts'
import { useSession } from '../app/use-session.ts'
import { operationQuery } from '../live/operation-queries.ts'
import { Button } from '../ui/button.tsx'
import { sayFailed } from '../ui/toast.tsx'
import { mayCancel, mayRetry } from './what-can-be-done.ts'

/** What can be done with it as it is now. */
export function OperationActions({ operation }: { operation: Operation }) {
  const queryClient = useQueryClient()
  const mayWrite = may(useSession(), 'operations:write')
  const { id } = operation
  // That it is being done, the page itself says.
  const options = (didNot: string) => ({
    onSuccess: () => queryClient.invalidateQueries({ queryKey: operationQuery(id).queryKey }),
    onError: (error: unknown) => sayFailed(didNot, error),
  })
  const cancel = useMutation({
    mutationFn: () => toygres.operations.cancel(id),
    ...options('It is not cancelled'),
  })
  const retry = useMutation({
    mutationFn: () => toygres.operations.retry(id),
    ...options('It is not tried again'),
  })
  const actions = [
    { may: mayRetry, label: 'Try this operation again', icon: <RotateCcw />, run: () => retry.mutate() },
    { may: mayCancel, label: 'Cancel this operation', icon: <Ban />, run: () => cancel.mutate() },
  ]
  usePageActions(mayWrite ? actions.filter(({ may }) => may(operation)) : [])
  if (!mayWrite) return null
  return (
    <div className="actions">
      {mayRetry(operation) && (
        <Button look="primary" disabled={retry.isPending} onClick={() => retry.mutate()}>
          <RotateCcw aria-hidden="true" />
          Try again
        </Button>
      )}
      {mayCancel(operation) && (
        <Button disabled={cancel.isPending} onClick={() => cancel.mutate()}>
          <Ban aria-hidden="true" />
          Cancel
        </Button>
      )}
    </div>
  )
}
