import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError } from '../cli-error.ts'
import { isHttp, isKey, type ClientConfig } from './client-config.ts'
import { invalidFile, objectIn } from './json-file.ts'

const repair = 'repair it, or remove it and run "toygres up", which writes it anew'

/** What `toygres up` wrote: the control plane of this machine. */
export async function readClientFile(home: string): Promise<ClientConfig> {
  const path = clientFileIn(home)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error)
  })
  const { url, apiKey } = objectIn(path, text, repair)
  if (!isHttp(url)) throw invalidFile(path, '"url" must be like "http://host:port"', repair)
  if (!isKey(apiKey)) throw invalidFile(path, '"apiKey" must be a word', repair)
  return { url, apiKey }
}

export const clientFileIn = (home: string): string => join(home, 'client.json')

function unreadable(path: string, { code, message }: NodeJS.ErrnoException): CliError {
  switch (code) {
    case 'ENOENT':
      return new CliError('CONFIG_MISSING', `no control plane has run here yet: there is no ${path}`, {
        hint: 'run "toygres up" first, or call another one: see "toygres context add --help"',
      })
    case 'EACCES':
    case 'EPERM':
      return new CliError('CONFIG_UNREADABLE', `${path} may not be read by this user`, {
        hint: 'run this as the user who ran "toygres up", or call it with a key of your own: see "toygres context add --help"',
      })
    default:
      return new CliError('CONFIG_UNREADABLE', `${path} cannot be read: ${message}`)
  }
}
