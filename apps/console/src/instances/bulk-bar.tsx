import { Trash2, X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { mostInOneCall } from '@toygres/schema'
import type { BulkResult, Instance } from '@toygres/sdk'
import { usePageActions } from '../app/page-actions.ts'
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

  usePageActions(
    selected.length === 0 ? [] : [{ label: `Delete ${count}`, icon: <Trash2 />, run: () => setAsking(true) }],
  )

  async function remove() {
    try {
      const results: BulkResult[] = []
      for (let from = 0; from < selected.length; from += mostInOneCall)
        results.push(
          ...(await toygres.instances.deleteMany(
            selected.slice(from, from + mostInOneCall).map(({ id }) => ({ id })),
          )),
        )
      const refused = results.flatMap((result) => ('error' in result ? [result.error] : []))
      const accepted = results.length - refused.length
      if (accepted > 0) say(`Deleting ${accepted === 1 ? '1 instance' : `${accepted} instances`}`)
      if (refused[0])
        sayFailed(`${refused.length} of ${count} are not deleted`, new Error(refused[0].message))
    } catch (error) {
      sayFailed(`${count} may not be deleted`, error)
    }
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
            onClose={() => setAsking(false)}
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
