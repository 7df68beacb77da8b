import { CliError } from '../cli-error.ts'
import { isHttp, isKey, type ClientConfig } from './client-config.ts'
import { clientFileIn, readClientFile } from './client-file.ts'
import { contextNamed, contextsFile, localContext, readContexts } from './contexts.ts'
import { homeOf } from './home.ts'

/** The flags that say which control plane is meant. */
export interface WhereFlags {
  home?: string
  context?: string
  /** The project to act in; that of the key unless told. */
  project?: string
}

export interface FoundConfig extends ClientConfig {
  /** Where it was found, for people. */
  readonly source: string
  /** Where its key was found, which may be elsewhere. */
  readonly keySource: string
  /** The home of the control plane, where it is that of this machine. */
  readonly home: string | null
}

/**
 * Which control plane, and as whom: as a flag says, else as the environment does, else the context in use, else the one of this
 * machine. A key that was kept with an address is sent to nobody else.
 * @throws {CliError} saying what is wrong, and never what the key is
 */
export async function readConfig(flags: WhereFlags, env: NodeJS.ProcessEnv): Promise<FoundConfig> {
  const found = await findConfig(flags, env)
  return { ...found, project: flags.project ?? (env['TOYGRES_PROJECT'] || found.project) }
}

const keyVariable = 'TOYGRES_API_KEY'

async function findConfig(flags: WhereFlags, env: NodeJS.ProcessEnv): Promise<FoundConfig> {
  const { url, apiKey } = fromEnvironment(flags, env)
  if (url !== undefined && apiKey !== undefined)
    return { url, apiKey, source: 'the environment', keySource: keyVariable, home: null }

  const kept = await keptConfig(flags, env)
  if (url !== undefined && new URL(url).href !== new URL(kept.url).href)
    throw new CliError(
      'CONFIG_INVALID',
      `TOYGRES_URL is not the control plane of ${kept.source}, and its key is not for others`,
      {
        hint: 'set TOYGRES_API_KEY to a key of that control plane: its admin makes one with "toygres keys create"',
      },
    )
  return {
    ...kept,
    url: url ?? kept.url,
    apiKey: apiKey ?? kept.apiKey,
    keySource: apiKey === undefined ? kept.source : keyVariable,
  }
}

function fromEnvironment({ context, home }: WhereFlags, env: NodeJS.ProcessEnv): Partial<ClientConfig> {
  // What is typed wins over what is set once and for all.
  if (context !== undefined) return {}
  const url = (home === undefined && env['TOYGRES_URL']) || undefined
  const apiKey = env[keyVariable] || undefined
  if (url !== undefined && !isHttp(url))
    throw new CliError('CONFIG_INVALID', 'TOYGRES_URL must be like http://host:port')
  if (apiKey !== undefined && !isKey(apiKey))
    throw new CliError('CONFIG_INVALID', `${keyVariable} must be one word without spaces or line ends`)
  return { ...(url !== undefined && { url }), ...(apiKey !== undefined && { apiKey }) }
}

async function keptConfig(
  flags: WhereFlags,
  env: NodeJS.ProcessEnv,
): Promise<Omit<FoundConfig, 'keySource'>> {
  const name = await contextInUse(flags, env)
  if (name !== localContext) {
    const path = contextsFile(env)
    const entry = contextNamed(await readContexts(path), name)
    return { ...entry, source: `the context ${name} (${path})`, home: null }
  }
  const home = homeOf(flags.home, env)
  return { ...(await readClientFile(home)), source: clientFileIn(home), home }
}

/** By flag, else by environment, else as `toygres context use` left it. A home that is named means the one of this machine. */
export async function contextInUse({ context, home }: WhereFlags, env: NodeJS.ProcessEnv): Promise<string> {
  if (context !== undefined) return context
  if (home !== undefined) return localContext
  const fromEnv = env['TOYGRES_CONTEXT'] || (env['TOYGRES_HOME'] && localContext)
  return fromEnv || ((await readContexts(contextsFile(env))).current ?? localContext)
}
