import { useMutation } from '@tanstack/react-query'
import type { Instance } from '@toygres/sdk'
import { Play, Square } from 'lucide-react'
import { useState } from 'react'
import { usePageActions } from '../app/page-actions.ts'
import { may } from '../app/session.ts'
import { toygres } from '../app/toygres.ts'
import { useSession } from '../app/use-session.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { sayFailed } from '../ui/toast.tsx'

/** Whether its server runs, where that can be changed now. That it is being changed, the page itself says. */
export function StopOrStart({ instance: { id, name, state, activeOperationId } }: { instance: Instance }) {
  const mayWrite = may(useSession(), 'instances:write')
  const [asking, setAsking] = useState(false)
  const start = useMutation({
    mutationFn: () => toygres.instances.start(id),
    onError: (error) => sayFailed(`${name} is not started`, error),
  })
  const isIdle = mayWrite && activeOperationId === null
  const mayStop = isIdle && state === 'running'
  const mayStart = isIdle && state === 'stopped'

  usePageActions([
    ...(mayStop ? [{ label: `Stop ${name}`, icon: <Square />, run: () => setAsking(true) }] : []),
    ...(mayStart ? [{ label: `Start ${name}`, icon: <Play />, run: () => start.mutate() }] : []),
  ])

  async function stop() {
    try {
      await toygres.instances.stop(id)
    } catch (error) {
      sayFailed(`${name} is not stopped`, error)
    }
  }

  return (
    <>
      {mayStop && (
        <Button small className="switch" onClick={() => setAsking(true)}>
          <Square aria-hidden="true" />
          Stop
        </Button>
      )}
      {mayStart && (
        <Button small className="switch" disabled={start.isPending} onClick={() => start.mutate()}>
          <Play aria-hidden="true" />
          Start
        </Button>
      )}
      {asking && (
        <ConfirmDialog onClose={() => setAsking(false)} title={`Stop ${name}?`} verb="Stop" onConfirm={stop}>
          Whoever is connected is cut off. Its data, its address and its password stay, and it can be started
          again.
        </ConfirmDialog>
      )}
    </>
  )
}
