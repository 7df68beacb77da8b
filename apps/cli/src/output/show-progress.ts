import type { Operation } from '@toygres/sdk'
import { liveProgress } from './live-progress.ts'
import { plainProgress } from './plain-progress.ts'
import type { Progress } from './progress.ts'

/** A picture that moves on a terminal, lines elsewhere. */
export function showProgress(title: string, operation: Operation): Progress {
  const { stderr } = process
  const moves = stderr.isTTY && process.env['TERM'] !== 'dumb'
  return moves ? liveProgress(title, operation, stderr) : plainProgress(title, operation, stderr)
}
