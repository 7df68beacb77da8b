import type { ReactNode } from 'react'
import { Sideways } from './sideways.tsx'
import './table.css'

/** Rows below the names of their columns; a column that is `false` is left out. */
export function Table({
  name,
  columns,
  className = '',
  children,
}: {
  name: string
  columns: readonly (string | false)[]
  className?: string
  children: ReactNode
}) {
  return (
    <Sideways name={name}>
      <table className={`table ${className}`}>
        <thead>
          <tr>{columns.map((column) => column !== false && <th key={column}>{column}</th>)}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Sideways>
  )
}
