import { CircleAlert, Inbox } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { explain } from './explain.ts'
import './states.css'

/** Holds the place of what is on its way. */
export function Loading({ what, lines = 5 }: { what: string; lines?: number }) {
  return (
    <div className="loading" role="status">
      <span className="visually-hidden">Loading {what}…</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="skeleton" aria-hidden="true" />
      ))}
    </div>
  )
}

/** Of a page that is nothing else, the heading is the page's. */
type Heading = 'h1' | 'h2'

export function Empty({
  title,
  children,
  icon = <Inbox aria-hidden="true" />,
  heading: Heading = 'h2',
}: {
  title: string
  children?: ReactNode
  icon?: ReactNode
  heading?: Heading
}) {
  return (
    <div className="empty">
      <div className="picture">{icon}</div>
      <Heading>{title}</Heading>
      {children}
    </div>
  )
}

export function Failed({
  title,
  error,
  again,
  heading: Heading = 'h2',
}: {
  title: string
  error: unknown
  again?: () => void
  heading?: Heading
}) {
  return (
    <div className="empty failed" role="alert">
      <div className="picture">
        <CircleAlert aria-hidden="true" />
      </div>
      <Heading>{title}</Heading>
      <p className="soft">{explain(error)}</p>
      {again && <Button onClick={again}>Try again</Button>}
    </div>
  )
}
