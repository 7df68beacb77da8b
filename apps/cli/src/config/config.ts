import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { CliError } from './cli-error.ts'

/** Which control plane to call, and as whom. */
export interface ClientConfig {
  readonly url: string
  readonly apiKey: string
}

/**
 * From `TOYGRES_URL` and `TOYGRES_API_KEY`; what they leave open, from the file that `toygres up` writes. The key in the
 * file is sent to nobody but the control plane that it belongs to.
 * @throws {CliError} saying which of the two is wrong, and never what the key is
 */
export async function readConfig(home: string | undefined, env: NodeJS.ProcessEnv): Promise<ClientConfig> {
  const url = env['TOYGRES_URL'] || undefined
  const apiKey = env['TOYGRES_API_KEY'] || undefined
  if (url !== undefined && !isHttp(url))
    throw new CliError('CONFIG_INVALID', 'TOYGRES_URL must be like http://host:port')
  if (apiKey !== undefined && !isKey(apiKey))
    throw new CliError('CONFIG_INVALID', 'TOYGRES_API_KEY must be one word without spaces or line ends')
  if (url !== undefined && apiKey !== undefined) return { url, apiKey }

  const path = clientFile(home, env)
  const file = await readClientFile(path)
  if (url !== undefined && new URL(url).href !== new URL(file.url).href)
    throw new CliError(
      'CONFIG_INVALID',
      `TOYGRES_URL is not the control plane of ${path}, and its key is not for others`,
      {
        hint: 'set TOYGRES_API_KEY to a key of that control plane: its admin makes one with "toygres keys create"',
      },
    )
  return { url: url ?? file.url, apiKey: apiKey ?? file.apiKey }
}

const clientFile = (home: string | undefined, env: NodeJS.ProcessEnv): string =>
  join(home ?? (env['TOYGRES_HOME'] || defaultHome()), 'client.json')

/** As the server has it: root's instances run as another user, who cannot reach a place below /root. */
const defaultHome = (): string =>
  process.getuid?.() === 0 ? '/var/lib/toygres' : join(homedir(), '.toygres')

async function readClientFile(path: string): Promise<ClientConfig> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error)
  })
  const { url, apiKey } = objectIn(path, text)
  if (!isHttp(url)) throw invalid(path, '"url" must be like "http://host:port"')
  if (!isKey(apiKey)) throw invalid(path, '"apiKey" must be a word')
  return { url, apiKey }
}

function objectIn(path: string, text: string): Partial<Record<keyof ClientConfig, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid(path, 'it is not JSON')
  }
  if (typeof value === 'object' && value !== null) return value
  throw invalid(path, 'it must be an object with "url" and "apiKey"')
}

function unreadable(path: string, { code, message }: NodeJS.ErrnoException): CliError {
  switch (code) {
    case 'ENOENT':
      return new CliError('CONFIG_MISSING', `no control plane has run here yet: there is no ${path}`, {
        hint: 'run "toygres up" first, or set TOYGRES_URL and TOYGRES_API_KEY to call another one',
      })
    case 'EACCES':
    case 'EPERM':
      return new CliError('CONFIG_UNREADABLE', `${path} may not be read by this user`, {
        hint: 'run this as the user who ran "toygres up", or set TOYGRES_URL and TOYGRES_API_KEY',
      })
    default:
      return new CliError('CONFIG_UNREADABLE', `${path} cannot be read: ${message}`)
  }
}

const invalid = (path: string, why: string): CliError =>
  new CliError('CONFIG_INVALID', `${path} is not valid: ${why}`, {
    hint: 'repair it, or remove it and run "toygres up", which writes it anew',
  })

const isHttp = (url: unknown): url is string =>
  typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)

const isKey = (key: unknown): key is string => typeof key === 'string' && /^[\x21-\x7e]+$/.test(key)
