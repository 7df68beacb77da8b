import { memo, useLayoutEffect, useRef } from 'react'
import type { ShownLine } from './log-lines.ts'

/** Closer to the end than this, one is at the end. */
const nearPx = 24

/** Stays at the end as lines come, until somebody scrolls away from it. */
export function LogView({ lines, follow }: { lines: readonly ShownLine[]; follow: boolean }) {
  const place = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  useLayoutEffect(() => {
    const element = place.current
    if (element && follow && atEnd.current) element.scrollTop = element.scrollHeight
  }, [lines, follow])
  return (
    <div
      ref={place}
      className="log"
      tabIndex={0}
      role="group"
      aria-label="Lines, the newest one last"
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < nearPx
      }}
    >
      {lines.map((line) => (
        <Line key={line.position} line={line} />
      ))}
    </div>
  )
}

const Line = memo(function Line({ line: { text, level } }: { line: ShownLine }) {
  return (
    <p className={level} data-level={level}>
      {text}
    </p>
  )
})
