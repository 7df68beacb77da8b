import { Trash2, X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Instance } from '@toygres/sdk'
import { toygres } from '../app/toygres.ts'
import { Button } from '../ui/button.tsx'
import { say, sayFailed } from '../ui/toast.tsx'

const ConfirmDialog = lazy(() =>
  import('../ui/confirm-dialog.tsx').then(({ ConfirmDialog }) => ({ default: ConfirmDialog })),
)

/** What can be done with those that are selected. */
export function BulkBar({ selected, onClear }: { selected: readonly Instance[]; onClear: () => void }) {
  const [asking, setAsking] = useState(false)
  const count = selected.length === 1 ? '1 instance' : `${selected.length} instances`

  async function remove() {
    const answers = await Promise.allSettled(selected.map(({ id }) => toygres.instances.delete(id)))
    const refused = answers.filter((answer) => answer.status === 'rejected')
    const accepted = answers.length - refused.length
    if (accepted > 0) say(`Deleting ${accepted === 1 ? '1 instance' : `${accepted} instances`}`)
    if (refused.length > 0) sayFailed(`${refused.length} of ${count} are not deleted`, refused[0]?.reason)
    onClear()
  }

  return (
    <>
      {selected.length > 0 && (
        <div className="bulk" role="region" aria-label="Selected instances">
          <span className="number" role="status">
            {count} selected
          </span>
          <Button look="danger" small onClick={() => setAsking(true)}>
            <Trash2 aria-hidden="true" />
            Delete
          </Button>
          <Button look="quiet" small className="icon" aria-label="Clear the selection" onClick={onClear}>
            <X aria-hidden="true" />
          </Button>
        </div>
      )}
      <Suspense>
        {asking && (
          <ConfirmDialog
            open
            onOpenChange={setAsking}
            title={`Delete ${count}?`}
            typed={`delete ${selected.length}`}
            verb="Delete"
            onConfirm={remove}
          >
            The servers and all their data are removed, for good:{' '}
            {selected.map(({ name }) => name).join(', ')}.
          </ConfirmDialog>
        )}
      </Suspense>
    </>
  )
}
