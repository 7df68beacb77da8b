import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { CliError } from '../cli-error.ts'
import { exitCodes } from '../exit-codes.ts'
import { isHttp, isKey, type ClientConfig } from './client-config.ts'
import { invalidFile, isObject, objectIn } from './json-file.ts'

/** The control plane of this machine, which needs no entry. */
export const localContext = 'local'

export interface Contexts {
  /** Null: that of this machine. */
  readonly current: string | null
  readonly entries: Readonly<Record<string, ClientConfig>>
}

const nothing: Contexts = { current: null, entries: {} }
const repair = 'repair it, or remove it and add the contexts anew'

export const contextsFile = (env: NodeJS.ProcessEnv): string =>
  env['TOYGRES_CONTEXTS'] ||
  join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'toygres', 'contexts.json')

/** @throws {CliError} when the file is not ours, or others may read the keys in it */
export async function readContexts(path: string): Promise<Contexts> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
    throw new CliError('CONFIG_UNREADABLE', `${path} cannot be read: ${error.message}`)
  })
  if (text === null) return nothing
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0)
    throw new CliError('CONFIG_EXPOSED', `${path} holds API keys, and others may read it`, {
      hint: `close it with "chmod 600 ${path}"`,
    })
  const { current = null, contexts } = objectIn(path, text, repair)
  if (!isObject(contexts) || !Object.values(contexts).every(isEntry))
    throw invalidFile(path, '"contexts" must have a "url" and an "apiKey" by name', repair)
  if (current !== null && (typeof current !== 'string' || !Object.hasOwn(contexts, current)))
    throw invalidFile(path, '"current" must name one of them', repair)
  return { current, entries: contexts as Record<string, ClientConfig> }
}

const isEntry = (value: unknown): value is ClientConfig =>
  isObject(value) &&
  isHttp(value['url']) &&
  isKey(value['apiKey']) &&
  ['string', 'undefined'].includes(typeof value['project'])

/** Put in the place of the file at once, readable by its owner only from its first moment. */
export async function writeContexts(path: string, { current, entries }: Contexts): Promise<void> {
  const draft = `${path}.${process.pid}`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    const file = await open(draft, 'wx', 0o600)
    await file.writeFile(`${JSON.stringify({ current, contexts: entries }, null, 2)}\n`)
    await file.close()
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}

export function contextNamed({ entries }: Contexts, name: string): ClientConfig {
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined
  if (entry !== undefined) return entry
  throw new CliError('CONTEXT_NOT_FOUND', `there is no context ${name}`, {
    exitCode: exitCodes.notFound,
    hint: 'see "toygres context list"',
  })
}
