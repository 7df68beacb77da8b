import type { LogLine } from '@toygres/sdk'
import { useEffect, useState } from 'react'
import { toygres } from '../../app/toygres.ts'
import { mostLines, withLines, type ShownLine } from './log-lines.ts'

export interface FollowedLog {
  /** Undefined until it is known that it can be read. */
  readonly lines: readonly ShownLine[] | undefined
  readonly error: unknown
}

/** Lines come in bursts; drawing each would be slower than they are. */
const drawEveryMs = 100

/**
 * The last lines of a log and each new one, while the page is looked at: a hidden tab would keep one of the few
 * connections that a browser has for a server, and what it missed is read when it is shown again.
 */
export function useLog(id: string, attempt: number): FollowedLog {
  const [log, setLog] = useState<FollowedLog>({ lines: undefined, error: null })
  useEffect(() => {
    let following: AbortController | undefined
    const follow = () => {
      following?.abort()
      if (document.hidden) return
      following = new AbortController()
      void read(id, following.signal, setLog)
    }
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      following?.abort()
    }
  }, [id, attempt])
  return log
}

async function read(id: string, signal: AbortSignal, show: (log: FollowedLog) => void): Promise<void> {
  let kept: readonly ShownLine[] = []
  let fresh: LogLine[] = []
  let drawing: ReturnType<typeof setTimeout> | undefined
  const draw = () => {
    drawing = undefined
    kept = withLines(kept, fresh)
    fresh = []
    if (!signal.aborted) show({ lines: kept, error: null })
  }
  try {
    // A log that nothing is written to says nothing: what is there already shows that it can be read.
    for await (const line of toygres.instances.logs(id, { tailLines: 1, signal })) fresh.push(line)
    fresh = []
    draw()
    for await (const line of toygres.instances.logs(id, { tailLines: mostLines, follow: true, signal })) {
      fresh.push(line)
      if (fresh.length > mostLines) fresh.shift()
      drawing ??= setTimeout(draw, drawEveryMs)
    }
  } catch (error) {
    if (!signal.aborted) show({ lines: kept.length > 0 ? kept : undefined, error })
  } finally {
    clearTimeout(drawing)
  }
}
