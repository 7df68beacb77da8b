import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { until } from '../harness/until.ts'

const launcher = new URL('../../toygres', import.meta.url).pathname

/** A command that runs while the test goes on. */
export interface RunningCommand extends AsyncDisposable {
  readonly pid: number
  /** Everything on stdout, and on stderr, so far. */
  stdout(): string
  stderr(): string
  type(text: string): void
  endInput(): void
  send(signal: NodeJS.Signals): void
  /** Waits until it has said this on either. */
  says(text: string | RegExp): Promise<void>
  /** Its exit code. */
  ended(): Promise<number | null>
}

export function start(args: readonly string[], env: NodeJS.ProcessEnv): RunningCommand {
  return run(launcher, args, env)
}

/** On a terminal of its own, where what is typed and what is printed are what a person types and sees. */
export function startOnTerminal(args: readonly string[], env: NodeJS.ProcessEnv): RunningCommand {
  return startShellOnTerminal([launcher, ...args].map((word) => `'${word}'`).join(' '), env)
}

/** The same of any program, as a shell takes it. */
export function startShellOnTerminal(line: string, env: NodeJS.ProcessEnv): RunningCommand {
  return run('script', ['--quiet', '--return', '--command', `exec ${line}`, '/dev/null'], {
    ...env,
    TERM: 'xterm',
  })
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): RunningCommand {
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const closed = once(child, 'close').then(([code]) => code as number | null)
  return {
    pid: child.pid ?? 0,
    stdout: () => stdout,
    stderr: () => stderr,
    type: (text) => void child.stdin.write(text),
    endInput: () => void child.stdin.end(),
    send: (signal) => void child.kill(signal),
    says: (text) =>
      until(async () => {
        const said = `${stdout}${stderr}`
        return typeof text === 'string' ? said.includes(text) : text.test(said)
      }),
    ended: () => closed,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
      await closed
    },
  }
}
