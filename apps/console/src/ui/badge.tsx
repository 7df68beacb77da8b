import type { ReactNode } from 'react'
import './badge.css'

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'idle'

/** A word about a state, never told by its colour alone. */
export function Badge({
  tone,
  live = false,
  title,
  children,
}: {
  tone: Tone
  /** Something is going on. */
  live?: boolean
  title?: string | undefined
  children: ReactNode
}) {
  return (
    <span className={`badge ${tone} ${live ? 'live' : ''}`} title={title}>
      <span className="dot" aria-hidden="true" />
      {children}
    </span>
  )
}
