import { useNavigate, useSearch } from '@tanstack/react-router'
import { OperationState } from '@toygres/schema'
import { useTitle } from '../ui/use-title.ts'
import '../instances/instances-page.css'
import { OperationTable } from './operation-table.tsx'

export function OperationsPage() {
  useTitle('Operations')
  const { state } = useSearch({ from: '/shell/operations' })
  const navigate = useNavigate({ from: '/operations' })
  return (
    <main>
      <div className="page-head">
        <div>
          <h1>Operations</h1>
          <p>Every change of every instance, step by step. What a crash interrupts goes on by itself.</p>
        </div>
      </div>
      <section className="card" aria-label="Operations">
        <search className="filters">
          <select
            className="input"
            aria-label="State"
            value={state ?? ''}
            onChange={(event) =>
              void navigate({
                search: { state: OperationState.options.find((one) => one === event.target.value) },
                replace: true,
              })
            }
          >
            <option value="">Any state</option>
            {OperationState.options.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </search>
        <OperationTable filter={state === undefined ? {} : { state }} />
      </section>
    </main>
  )
}
