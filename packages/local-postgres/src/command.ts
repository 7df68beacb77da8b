import { spawn } from 'node:child_process'
import { LocalPostgresError, diskFull } from './errors.ts'
import { type Account, identityOf } from './run-as.ts'

export interface CommandOptions {
  /** Whose process it is; null for our own user. */
  readonly account: Account | null
  /** Fed on stdin: the way to hand over what must not be seen in `ps`. */
  readonly input?: string
  /** Named in the error when the disk turns out to be full. */
  readonly writesBelow: string
  /** Kills it: what it was making is not used then. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Children see nothing of our environment, which holds the keys of the control plane, and speak English,
 * which is how their messages are told apart.
 */
export const childEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' }

const maximumOutput = 64 * 1024

/**
 * Runs a program to its end and returns what it said on stdout and stderr together, of which 64 KiB are kept.
 * @throws {LocalPostgresError} DISK_FULL, or START_FAILED when it could not be run or did not exit with 0
 */
export async function run(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  options.signal?.throwIfAborted()
  const child = spawn(program, args, {
    cwd: '/',
    env: childEnvironment,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...identityOf(options.account),
  })
  let output = ''
  const collect = (chunk: string) => {
    output = (output + chunk).slice(-maximumOutput)
  }
  child.stdout.setEncoding('utf8').on('data', collect)
  child.stderr.setEncoding('utf8').on('data', collect)
  // A program that ends without reading its input is judged by its exit code, not by our broken pipe.
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')

  // One that is stopped or hangs hears nothing gentler.
  const kill = () => child.kill('SIGKILL')
  options.signal?.addEventListener('abort', kill)
  // Not before it is gone: whoever gave it up goes on to remove what it writes.
  const outcome = await new Promise<number | string>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'))
    // What it had started may keep its output open.
    child.once('exit', (_, signal) => {
      if (options.signal?.aborted) resolve(signal ?? 'unknown')
    })
  }).finally(() => options.signal?.removeEventListener('abort', kill))
  options.signal?.throwIfAborted()
  if (outcome === 0) return output
  if (output.includes('No space left on device')) throw diskFull(options.writesBelow)
  throw new LocalPostgresError('START_FAILED', `${program} ended with ${outcome}: ${lastLine(output)}`)
}

function lastLine(output: string): string {
  return output.trimEnd().split('\n').at(-1) ?? ''
}
