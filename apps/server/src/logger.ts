import { join } from 'node:path'
import pino, { type Logger } from 'pino'
import { createStream } from 'rotating-file-stream'
import type { Home } from './home.ts'

const name = 'control-plane.log'

export const logPath = (home: Home): string => join(home.logs, name)

/** JSON lines in the home, 50 MB at most. Nothing that could be a secret is ever handed to it. */
export function openLog(home: Home): { logger: Logger; close(): Promise<void> } {
  const stream = createStream(name, { path: home.logs, size: '10M', maxFiles: 4, mode: 0o600 })
  return {
    logger: pino({ base: { pid: process.pid } }, stream),
    close: () => new Promise((resolve) => stream.end(() => resolve())),
  }
}
