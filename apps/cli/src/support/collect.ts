import { open, readdir } from 'node:fs/promises'
import { arch, cpus, freemem, release, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Instance, Toygres } from '@toygres/sdk'
import type { Check } from '../doctor/check.ts'
import { explain } from '../explain.ts'
import type { ArchiveFile } from './tar.ts'

export interface CollectOptions {
  readonly version: string
  readonly checks: readonly Check[]
  /** The home of the control plane, where it is on this machine. */
  readonly home: string | null
  /** Null where it is not known which control plane to ask. */
  readonly toygres: Toygres | null
  readonly withInstanceLogs: boolean
}

const mostListed = 200
const mostOperations = 50
const logTailBytes = 2_000_000
const instanceLogLines = 1_000

/** What somebody needs who is to find out what is wrong; what cannot be had is said in its place. */
export async function collectReport(options: CollectOptions): Promise<ArchiveFile[]> {
  const { version, checks, home, toygres } = options
  return [
    json('about.json', about(version)),
    json('doctor.json', checks),
    ...(toygres === null ? [] : await fromPlane(toygres, options)),
    ...(home === null ? [] : await logsIn(home)),
  ]
}

const json = (path: string, value: unknown): ArchiveFile => ({
  path,
  text: `${JSON.stringify(value, null, 2)}\n`,
})

const about = (version: string) => ({
  madeAt: new Date(),
  toygres: version,
  node: process.version,
  platform: `${process.platform} ${release()} ${arch()}`,
  cpus: cpus().length,
  memory: { total: totalmem(), free: freemem() },
  user: process.getuid?.() === 0 ? 'root' : 'not root',
  // Their names only: what they hold is nobody's business.
  environment: Object.keys(process.env).filter((name) => /^(TOYGRES_|NODE_|PG|KUBECONFIG)/.test(name)),
})

async function fromPlane(toygres: Toygres, { withInstanceLogs }: CollectOptions): Promise<ArchiveFile[]> {
  const page = { limit: mostListed }
  const [instances, status, operations, drift, health] = await Promise.all([
    attempt(() => toygres.instances.list({ ...page, includeDeleted: true })),
    attempt(() => toygres.system.status()),
    attempt(() => toygres.operations.list({ limit: mostOperations })),
    attempt(() => toygres.drift.list({ ...page, includeResolved: true })),
    attempt(() => toygres.health.list(page)),
  ])
  const names = 'error' in instances ? [] : instances.items.filter(isThere).map(({ name }) => name)
  return [
    json('status.json', status),
    json('instances.json', instances),
    json('operations.json', operations),
    json('drift.json', drift),
    json('health.json', health),
    json('health-events.json', await byName(names, (name) => toygres.health.events(name, { limit: 50 }))),
    ...(withInstanceLogs ? await instanceLogs(toygres, names) : []),
  ]
}

const isThere = ({ state }: Instance): boolean => state !== 'deleted'

async function instanceLogs(toygres: Toygres, names: readonly string[]): Promise<ArchiveFile[]> {
  const files = []
  for (const name of names) {
    const lines: string[] = []
    const ended = await attempt(async () => {
      for await (const line of toygres.instances.logs(name, { tailLines: instanceLogLines }))
        lines.push(line.text)
      return {}
    })
    const end = 'error' in ended ? [JSON.stringify(ended)] : []
    files.push({ path: `instance-logs/${name}.log`, text: `${[...lines, ...end].join('\n')}\n` })
  }
  return files
}

async function byName<Value>(names: readonly string[], ask: (name: string) => Promise<Value>) {
  const found: Record<string, unknown> = {}
  for (const name of names) found[name] = await attempt(() => ask(name))
  return found
}

async function attempt<Value>(ask: () => Promise<Value>): Promise<Value | { error: object }> {
  try {
    return await ask()
  } catch (error) {
    return { error: explain(error) }
  }
}

/** The ends of the control plane's own logs, and of its database's. */
async function logsIn(home: string): Promise<ArchiveFile[]> {
  const files = []
  for (const directory of ['logs', join('metadata', 'log')])
    for (const name of await readdir(join(home, directory)).catch(() => []))
      if (/\.(log|out)$/.test(name))
        files.push({ path: `${directory}/${name}`, text: await endOf(join(home, directory, name)) })
  return files
}

async function endOf(path: string): Promise<string> {
  try {
    await using file = await open(path)
    const { size } = await file.stat()
    const length = Math.min(size, logTailBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
    const text = buffer.toString('utf8', 0, bytesRead)
    // Half a secret, at the beginning of a line that was cut in two, would be known to nobody.
    return length < size ? text.slice(text.indexOf('\n') + 1) : text
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}\n`
  }
}
