import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface ProcessOptions {
  readonly args?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

/**
 * Runs a file of a suite in a process of its own, so that it can really be killed. Ready when it writes something; one that
 * is to crash may do so before.
 */
export async function startProcess(
  main: URL,
  { args = [], env = {} }: ProcessOptions = {},
): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--conditions=toygres-source', fileURLToPath(main), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // The suites start hundreds of these: compiling the same files again would be most of what they do.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'toygres-test-compile-cache'), ...env },
  })
  if (child.stdout === null) throw new Error('BUG: asked for a pipe')
  const ready = once(child.stdout, 'data').then(() => true)
  const ended = once(child, 'exit').then(() => false)
  if (!(await Promise.race([ready, ended])) && child.signalCode !== 'SIGKILL')
    throw new Error(`${main.pathname} ended before it was ready: ${child.exitCode ?? child.signalCode}`)
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
