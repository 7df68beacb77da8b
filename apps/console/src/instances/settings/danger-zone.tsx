import { useNavigate } from '@tanstack/react-router'
import type { Instance } from '@toygres/sdk'
import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { usePageActions } from '../../app/page-actions.ts'
import { toygres } from '../../app/toygres.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { sayFailed } from '../../ui/toast.tsx'

export function DangerZone({ instance: { id, name, state } }: { instance: Instance }) {
  const navigate = useNavigate()
  const [asking, setAsking] = useState(false)

  usePageActions(
    state === 'deleting' ? [] : [{ label: `Delete ${name}`, icon: <Trash2 />, run: () => setAsking(true) }],
  )

  async function remove() {
    try {
      const { operation } = await toygres.instances.delete(id)
      await navigate({ to: '/operations/$operation', params: { operation: operation.id } })
    } catch (error) {
      sayFailed(`${name} is not deleted`, error)
    }
  }

  return (
    <section className="card danger-zone" aria-labelledby="danger">
      <div className="card-head">
        <h2 id="danger">Danger zone</h2>
      </div>
      <div className="card-body">
        <div>
          <h3>Delete this instance</h3>
          <p className="soft">
            The server and all its data are removed, for good. Its name is free again then.
          </p>
        </div>
        <Button look="danger" disabled={state === 'deleting'} onClick={() => setAsking(true)}>
          <Trash2 aria-hidden="true" />
          Delete {name}
        </Button>
      </div>
      {asking && (
        <ConfirmDialog
          onClose={() => setAsking(false)}
          title={`Delete ${name}?`}
          typed={name}
          verb="Delete for good"
          onConfirm={remove}
        >
          The server and all its data are removed, and no copy is kept.
        </ConfirmDialog>
      )}
    </section>
  )
}
