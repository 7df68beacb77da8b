import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, readlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { removeTree } from '@toygres/local-postgres'
import type { InstanceRef } from '@toygres/providers'
import {
  type LocalProvider,
  type PortRange,
  createLocalProvider,
  stopAllInstances,
} from '@toygres/providers/local'
import type { ProviderWorld } from './describe-provider.ts'
import type { LocalCall } from './local-process.ts'

export interface LocalWorld extends ProviderWorld {
  readonly provider: LocalProvider
  readonly home: string
  readonly portRange: PortRange
}

/** A local provider in a home of its own. */
export async function enterLocalWorld(
  options: { readonly home?: string; readonly ports?: number } = {},
): Promise<LocalWorld> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'toygres-provider-')))
  // Away from the ports that the system hands out, and unlikely to be another run's.
  const first = 20_000 + Math.floor(Math.random() * 10_000)
  const portRange = { first, last: first + (options.ports ?? 100) - 1 }
  const providerOf = (owner: string) => createLocalProvider({ home, portRange, owner })
  const provider = providerOf(randomUUID())
  return {
    provider,
    home,
    portRange,
    another: () => providerOf(randomUUID()),
    elsewhere: (verb, spec, crashAt) => callElsewhere({ home, portRange, verb, spec, crashAt }),
    traces: (instance) => tracesOf(home, instance),
    killServer: async (instance) => {
      process.kill(await postmasterPid(home, instance), 'SIGKILL')
    },
    [Symbol.asyncDispose]: async () => {
      await provider[Symbol.asyncDispose]()
      await stopAllInstances(home)
      await removeTree(home)
    },
  }
}

/** The process that answers for an instance. */
export async function postmasterPid(home: string, { id }: InstanceRef): Promise<number> {
  return Number.parseInt(await readFile(join(home, 'instances', id, 'data', 'postmaster.pid'), 'utf8'), 10)
}

async function callElsewhere(call: LocalCall): Promise<'done' | 'killed'> {
  const program = fileURLToPath(new URL('local-process.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=toygres-source', program], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const said = text(child.stderr)
  child.stdin.end(JSON.stringify(call))
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  if (signal === 'SIGKILL') return 'killed'
  if (code === 0) return 'done'
  throw new Error(`${call.verb} elsewhere ended with ${code ?? signal}: ${await said}`)
}

async function tracesOf(home: string, { id }: InstanceRef): Promise<string[]> {
  const files = await filesUnder(home)
  const owned = await Promise.all(
    files.map(async (path) => ((await linkText(path)).includes(id) ? path : null)),
  )
  const processes = process.platform === 'linux' ? await readdir('/proc') : []
  const directories = await Promise.all(processes.map((pid) => linkText(`/proc/${pid}/cwd`)))
  return [
    ...files.filter((path) => path.includes(id)),
    ...owned.filter((path) => path !== null),
    ...directories.filter((directory) => directory.includes(id)),
  ]
}

/** Spares are made and named while we look: a directory that is gone by the time it is its turn is nobody's trace. */
async function filesUnder(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const nested = entries.map(async (entry) => {
    const path = join(directory, entry.name)
    return entry.isDirectory() ? [path, ...(await filesUnder(path))] : [path]
  })
  return (await Promise.all(nested)).flat()
}

async function linkText(path: string): Promise<string> {
  return readlink(path).catch(() => '')
}
