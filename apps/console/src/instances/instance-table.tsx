import { Link } from '@tanstack/react-router'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useState } from 'react'
import type { Instance } from '@toygres/sdk'
import { Button } from '../ui/button.tsx'
import { Sideways } from '../ui/sideways.tsx'
import '../ui/table.css'
import { Ago } from '../ui/time.tsx'
import { addressOf, HealthBadge, StateBadge } from './instance-badges.tsx'
import type { SortKey } from './list-search.ts'

interface Sort {
  readonly key: SortKey
  readonly down: boolean
}

interface InstanceTableProps {
  instances: readonly Instance[]
  sort: Sort
  onSort: (sort: Sort) => void
  /** Null for those who may only look. */
  chosen: ReadonlySet<string> | null
  onChoose: (chosen: ReadonlySet<string>) => void
}

/** Rows that are drawn before somebody asks for more: thousands would make each change slow. */
const step = 200

export function InstanceTable({ instances, sort, onSort, chosen, onChoose }: InstanceTableProps) {
  const [most, setMost] = useState(step)
  const drawn = instances.slice(0, most)
  const allChosen = chosen !== null && instances.every(({ id }) => chosen.has(id))
  const someChosen = chosen !== null && instances.some(({ id }) => chosen.has(id))

  const header = (key: SortKey, label: string) => (
    <Header
      label={label}
      direction={sort.key === key ? (sort.down ? 'descending' : 'ascending') : 'none'}
      onClick={() => onSort({ key, down: sort.key === key && !sort.down })}
    />
  )
  return (
    <>
      <Sideways name="Instances">
        <table className="table instances">
          <thead>
            <tr>
              {chosen && (
                <th className="choose">
                  <input
                    type="checkbox"
                    aria-label="Select all that are shown"
                    checked={allChosen}
                    ref={(box) => {
                      if (box) box.indeterminate = someChosen && !allChosen
                    }}
                    onChange={() => onChoose(allChosen ? new Set() : new Set(instances.map(({ id }) => id)))}
                  />
                </th>
              )}
              {header('name', 'Name')}
              {header('state', 'State')}
              {header('health', 'Health')}
              {header('version', 'Version')}
              <th>Address</th>
              {header('created', 'Created')}
            </tr>
          </thead>
          <tbody>
            {drawn.map((instance) => (
              <Row
                key={instance.id}
                instance={instance}
                chosen={chosen && chosen.has(instance.id)}
                onChoose={(isChosen) => {
                  const next = new Set(chosen)
                  if (isChosen) next.add(instance.id)
                  else next.delete(instance.id)
                  onChoose(next)
                }}
              />
            ))}
          </tbody>
        </table>
      </Sideways>
      {instances.length > most && (
        <div className="table-more">
          <Button onClick={() => setMost(most + step)}>
            Show {Math.min(step, instances.length - most)} more of {instances.length}
          </Button>
        </div>
      )}
    </>
  )
}

function Header({
  label,
  direction,
  onClick,
}: {
  label: string
  direction: 'ascending' | 'descending' | 'none'
  onClick: () => void
}) {
  return (
    <th aria-sort={direction}>
      <button type="button" className="sort" onClick={onClick}>
        {label}
        {direction === 'ascending' && <ArrowUp aria-hidden="true" />}
        {direction === 'descending' && <ArrowDown aria-hidden="true" />}
      </button>
    </th>
  )
}

function Row({
  instance,
  chosen,
  onChoose,
}: {
  instance: Instance
  chosen: boolean | null
  onChoose: (chosen: boolean) => void
}) {
  const { name, version, createdAt } = instance
  return (
    <tr className={chosen ? 'chosen' : ''}>
      {chosen !== null && (
        <td className="choose">
          <input
            type="checkbox"
            aria-label={`Select ${name}`}
            checked={chosen}
            onChange={(event) => onChoose(event.target.checked)}
          />
        </td>
      )}
      <th scope="row">
        <Link to="/instances/$instance" params={{ instance: name }} className="name">
          {name}
        </Link>
      </th>
      <td>
        <StateBadge instance={instance} />
      </td>
      <td>
        <HealthBadge instance={instance} />
      </td>
      <td className="number">{version}</td>
      <td className="mono soft">{addressOf(instance) ?? '–'}</td>
      <td className="soft">
        <Ago at={createdAt} />
      </td>
    </tr>
  )
}
