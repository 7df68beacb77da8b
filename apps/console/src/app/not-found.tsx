import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { Empty } from '../ui/states.tsx'

export function NotFound() {
  return (
    <main>
      <Empty heading="h1" title="There is nothing here" icon={<Compass aria-hidden="true" />}>
        <p>
          The address may be mistyped, or what it led to is gone. <Link to="/">All instances</Link>
        </p>
      </Empty>
    </main>
  )
}
