import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { CrashPoint } from '@toygres/workflow'

/** A worker in a process of its own, so that it can really be killed. */
export async function startWorkerProcess(
  databaseUrl: string,
  { crashAt, skip = 0 }: { crashAt?: CrashPoint; skip?: number } = {},
): Promise<ChildProcess> {
  const main = fileURLToPath(new URL('worker-main.ts', import.meta.url))
  const child = spawn(
    process.execPath,
    ['--conditions=toygres-source', main, databaseUrl, crashAt ?? '', String(skip)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  if (child.stdout === null) throw new Error('BUG: asked for a pipe')
  const ready = once(child.stdout, 'data').then(() => true)
  if (!(await Promise.race([ready, once(child, 'exit').then(() => false)])))
    throw new Error(`the worker ended before it was ready: ${child.exitCode ?? child.signalCode}`)
  return child
}

/** Ends the process as no handler can see. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

export const died = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit')
