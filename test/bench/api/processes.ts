import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { Measured, type Order } from './load.ts'

const Listening = z.object({ port: z.number(), apiKey: z.string().optional() })

/** What a server is told that is to say how much memory it has. */
export const askForMemory = 'memory?'

export interface Served extends AsyncDisposable {
  readonly server: z.infer<typeof Listening>
  readonly pid: number
  tell(message: string): void
  /** What it holds once garbage is collected, and what it occupies. Only of one that answers when it is asked. */
  memory(): Promise<Memory>
}

const Memory = z.object({ heldKb: z.number(), residentKb: z.number() })
export type Memory = z.infer<typeof Memory>

/** A server in a process of its own; `told` is its configuration. */
export async function serve(main: 'plane-main.ts' | 'bare-main.ts', told: object): Promise<Served> {
  const child = forked(main, { TOYGRES_BENCH: JSON.stringify(told) })
  const [listening] = (await once(child, 'message')) as [unknown]
  const server = Listening.parse(listening)
  return {
    server,
    pid: child.pid ?? 0,
    tell: (message) => child.send(message),
    async memory() {
      child.send(askForMemory)
      const [memory] = (await once(child, 'message')) as [unknown]
      return Memory.parse(memory)
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

/** Has a process of its own make the load; `onConnected` is called when all watchers are there. */
export async function load(order: Order, onConnected = async () => {}): Promise<Measured> {
  const child = forked('load-main.ts', {})
  child.send(order)
  const { promise: measured, resolve, reject } = Promise.withResolvers<unknown>()
  child.once('disconnect', () =>
    reject(new Error(`the process that made the load has ended without a result`)),
  )
  child.on('message', (said) => {
    if (said === 'connected') onConnected().catch(reject)
    else resolve(said)
  })
  return Measured.parse(await measured)
}

function forked(main: string, env: Record<string, string>): ChildProcess {
  return fork(fileURLToPath(new URL(main, import.meta.url)), {
    execArgv: ['--conditions=toygres-source', '--expose-gc'],
    env: { ...process.env, ...env },
    serialization: 'advanced',
  })
}
