import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer, Call, Commands } from './commands.ts'
import type { Entry } from './entries.ts'

export interface Surroundings {
  /** File that gets a line for each execution of a step: operation, step, process. */
  readonly witness?: string
  /** Step whose first execution in each operation never returns. */
  readonly hold?: string
}

/** A contender in a process of its own: it cannot disturb the others, and it can really be killed. */
export interface ContenderProcess extends AsyncDisposable {
  readonly pid: number
  readonly call: Commands
  readonly alive: () => boolean
  /** As no handler can see. */
  kill(): Promise<void>
}

const main = fileURLToPath(new URL('contender-main.ts', import.meta.url))

export async function enter(
  { name, module }: Entry,
  databaseUrl: string,
  { witness, hold }: Surroundings = {},
): Promise<ContenderProcess> {
  const child = fork(main, [module.href, databaseUrl], {
    execArgv: ['--conditions=toygres-source', '--no-deprecation'],
    env: {
      ...process.env,
      ...(witness !== undefined && { BENCH_WITNESS: witness }),
      ...(hold !== undefined && { BENCH_HOLD: hold }),
    },
  })
  const calls = new Calls(name, child)
  await calls.ready
  const alive = () => child.exitCode === null && child.signalCode === null
  const kill = async () => {
    if (!alive()) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  return {
    pid: child.pid ?? 0,
    call: calls.commands,
    alive,
    kill,
    async [Symbol.asyncDispose]() {
      // Some never end by themselves.
      if (alive()) await Promise.race([calls.commands.close().catch(() => {}), pause(10_000)])
      await kill()
    },
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms).unref())

type Settle = (answer: Answer) => void

/** Questions to the process and the answers to them. */
class Calls {
  readonly #waiting = new Map<number, Settle>()
  readonly ready: Promise<unknown>
  readonly commands: Commands
  #last = 0

  constructor(name: string, child: ChildProcess) {
    this.ready = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(0, ({ error }) => (error === undefined ? resolve(null) : reject(new Error(error))))
    })
    child.on('message', (answer: Answer) => {
      this.#waiting.get(answer.id)?.(answer)
      this.#waiting.delete(answer.id)
    })
    child.on('exit', (code, signal) => {
      for (const [id, settle] of this.#waiting)
        settle({ id, error: `the process of ${name} ended: ${code ?? signal}` })
      this.#waiting.clear()
    })
    const ask = (method: keyof Commands, args: readonly unknown[]) =>
      new Promise((resolve, reject) => {
        const id = ++this.#last
        this.#waiting.set(id, ({ value, error }) =>
          error === undefined ? resolve(value) : reject(new Error(error)),
        )
        const call: Call = { id, name: method, args }
        child.send(call, (failed) => {
          if (failed) this.#waiting.get(id)?.({ id, error: `${name} cannot be reached: ${failed.message}` })
        })
      })
    this.commands = new Proxy({} as Commands, {
      get:
        (_, method) =>
        (...args: unknown[]) =>
          ask(method as keyof Commands, args),
    })
  }
}
