import { useSyncExternalStore } from 'react'

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' })
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' })

/** One clock for the page: everything that ages does so together. */
const tickMs = 1_000
let now = Date.now()
const listeners = new Set<() => void>()
let ticking: ReturnType<typeof setInterval> | undefined

function onTick(listener: () => void): () => void {
  listeners.add(listener)
  ticking ??= setInterval(() => {
    now = Date.now()
    for (const tell of listeners) tell()
  }, tickMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(ticking)
    ticking = undefined
  }
}

export function useNow(): number {
  return useSyncExternalStore(onTick, () => now)
}

export function formatTime(at: Date): string {
  return absolute.format(at)
}

/** How long ago, or until when; the exact moment on a closer look. */
export function Ago({ at }: { at: Date }) {
  const elapsed = at.getTime() - useNow()
  return (
    <time dateTime={at.toISOString()} title={formatTime(at)} className="number">
      {ago(elapsed)}
    </time>
  )
}

function ago(elapsed: number): string {
  const size = Math.abs(elapsed)
  for (const [unit, ms] of units) if (size >= ms) return relative.format(Math.trunc(elapsed / ms), unit)
  if (size < 5_000) return 'just now'
  return relative.format(Math.trunc(elapsed / 1_000), 'second')
}

export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1_000)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
