import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import type { WorkerOrders } from './worker-orders.ts'

/** A worker in a process of its own, so that it can really be killed. Ready when it has begun to take turns. */
export function startWorkerProcess(
  databaseUrl: string,
  orders: Omit<z.input<typeof WorkerOrders>, 'databaseUrl'> = {},
): Promise<ChildProcess> {
  return startProcess('worker-main.ts', { databaseUrl, ...orders })
}

/** Runs one of the files beside this one; ready when it says so. */
export async function startProcess(file: string, orders: object): Promise<ChildProcess> {
  const main = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, ['--conditions=toygres-source', main, JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // The suite starts hundreds of these: compiling the same files again would be most of what it does.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'toygres-test-compile-cache') },
  })
  if (child.stdout === null) throw new Error('BUG: asked for a pipe')
  const ready = once(child.stdout, 'data').then(() => true)
  const ended = once(child, 'exit').then(() => false)
  // One that is to crash may do so before it has said anything.
  if (!(await Promise.race([ready, ended])) && child.signalCode !== 'SIGKILL')
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
