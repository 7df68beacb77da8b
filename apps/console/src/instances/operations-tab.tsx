import { OperationTable } from '../operations/operation-table.tsx'
import { useInstance } from './use-instance.ts'

export function OperationsTab() {
  const { id } = useInstance()
  return (
    <section className="card" aria-label="Operations">
      <OperationTable filter={{ instance: id }} />
    </section>
  )
}
