import { localContext, type Contexts } from '../../config/contexts.ts'
import type { Kind } from '../../output/kind.ts'
import { print, say, type Format } from '../../output/print.ts'

/** A context without its key. */
export interface ContextRow {
  readonly name: string
  /** Null for that of this machine, which its home has. */
  readonly url: string | null
  readonly project: string | null
  readonly inUse: boolean
}

export const contextKind: Kind<ContextRow> = {
  nameOf: ({ name }) => name,
  columns: [
    { title: 'IN-USE', cell: ({ inUse }) => (inUse ? '*' : ' '), style: () => 'green' },
    { title: 'NAME', cell: ({ name }) => name },
    { title: 'URL', cell: ({ url }) => url ?? 'as client.json in its home says' },
    { title: 'PROJECT', cell: ({ project }) => project },
  ],
}

export function contextRow(name: string, { entries }: Contexts, inUse: string): ContextRow {
  const { url = null, project = null } = entries[name] ?? {}
  return { name, url, project, inUse: name === inUse }
}

export const contextRows = (contexts: Contexts, inUse: string): ContextRow[] =>
  [localContext, ...Object.keys(contexts.entries)].map((name) => contextRow(name, contexts, inUse))

/** What the environment has to say before `toygres context use`. */
function overrideOf(name: string, env: NodeJS.ProcessEnv): string | undefined {
  if (env['TOYGRES_URL']) return 'TOYGRES_URL'
  if (env['TOYGRES_CONTEXT']) return env['TOYGRES_CONTEXT'] === name ? undefined : 'TOYGRES_CONTEXT'
  return env['TOYGRES_HOME'] && name !== localContext ? 'TOYGRES_HOME' : undefined
}

/** Tells that it is in use now: not where the environment names another one. */
export async function tellOfUse(
  name: string,
  contexts: Contexts,
  format: Format,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const override = overrideOf(name, env)
  await tellOf(
    contextRow(name, contexts, override === undefined ? name : ''),
    `${name} is called from now on${override === undefined ? '' : `, but not here: ${override} is set`}.`,
    format,
  )
}

/** Says what was done; programs are told to what. */
export async function tellOf(row: ContextRow, sentence: string, format: Format): Promise<void> {
  say(sentence)
  if (format !== 'table') await print(format, row, { view: () => sentence, name: () => row.name })
}
