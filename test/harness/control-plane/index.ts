import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createToygres, type Toygres } from '@toygres/sdk'
import { z } from 'zod'

const launcher = new URL('../../../toygres', import.meta.url).pathname

export interface Finished {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A control plane in a home of its own, run as users run it: by the launcher, in a process of its own. */
export interface TestControlPlane extends AsyncDisposable {
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  url(): Promise<string>
  sdk(): Promise<Toygres>
  /** What people sign in to the console with. */
  apiKey(): Promise<string>
  pid(): number
  /** Runs `toygres ...` to its end. */
  cli(...args: string[]): Promise<Finished>
  /** The same, with this in its environment. */
  cliWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Finished>
  /** SIGKILL: what runs is lost in the middle. */
  kill(): Promise<void>
  /** SIGTERM; returns the exit code. */
  stop(): Promise<number | null>
  /** Again, on the same home. */
  up(): Promise<void>
}

const Client = z.object({ url: z.string(), apiKey: z.string() })

export async function startControlPlane({
  args = [],
  env: extra = {},
}: { args?: readonly string[]; env?: NodeJS.ProcessEnv } = {}): Promise<TestControlPlane> {
  const home = await mkdtemp(join(tmpdir(), 'toygres-e2e-'))
  const env = cleanEnvironment({ TOYGRES_HOME: home, NO_COLOR: '1', ...extra })
  const cliWith = (extra: NodeJS.ProcessEnv, ...words: string[]) =>
    finish(spawn(launcher, words, { env: { ...env, ...extra }, stdio: ['ignore', 'pipe', 'pipe'] }))
  const cli = (...words: string[]) => cliWith({}, ...words)
  const client = async () => Client.parse(JSON.parse(await readFile(join(home, 'client.json'), 'utf8')))
  let process = await up(env, args)
  return {
    home,
    env,
    cli,
    cliWith,
    url: async () => (await client()).url,
    sdk: async () => createToygres(await client()),
    apiKey: async () => (await client()).apiKey,
    pid: () => process.pid ?? 0,
    kill: () => end(process, 'SIGKILL').then(() => {}),
    stop: () => end(process, 'SIGTERM'),
    up: async () => {
      process = await up(env, args)
    },
    async [Symbol.asyncDispose]() {
      await end(process, 'SIGTERM')
      await cli('down', '--all')
      await rm(home, { recursive: true })
    },
  }
}

/** Runs `toygres ...` with nothing of our environment that is about Toygres. */
export function toygres(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return finish(
    spawn(launcher, args, {
      env: cleanEnvironment({ NO_COLOR: '1', ...env }),
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
}

function cleanEnvironment(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = Object.entries(process.env).filter(([name]) => !/^(TOYGRES_|VITEST|NODE_)/.test(name))
  return { ...Object.fromEntries(ours), ...extra }
}

/** Port 0: the machine picks one that is free, so that test files can run beside each other. */
async function up(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(launcher, ['up', '--port', '0', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const listening = new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('listens on')) resolve()
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    child.once('exit', (code) => reject(new Error(`"toygres up" ended with ${code}: ${said}`)))
  })
  await listening
  return child
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }
  return child.exitCode
}

async function finish(child: ChildProcess): Promise<Finished> {
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code: code ?? -1, stdout, stderr }
}
