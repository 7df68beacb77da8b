import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clientFileIn } from '../config/client-file.ts'
import { contextsFile } from '../config/contexts.ts'

/** Every secret that this user could come by on this machine, so that none of them is in what is handed on. */
export async function secretsHere(home: string, env: NodeJS.ProcessEnv): Promise<string[]> {
  const files = [clientFileIn(home), join(home, 'secrets.json'), contextsFile(env)]
  const texts = await Promise.all(files.map((path) => readFile(path, 'utf8').catch(() => '')))
  return [
    ...texts.flatMap(secretsIn),
    ...['TOYGRES_API_KEY', 'TOYGRES_SEALING_KEY', 'PGPASSWORD'].flatMap((name) => env[name] ?? []),
    ...passwordIn(env['TOYGRES_DATABASE_URL']),
  ]
}

const secretFields = new Set(['apiKey', 'sealingKey', 'metadataPassword'])

/** Also of a file that is spoilt: then each of its words. */
function secretsIn(text: string): string[] {
  try {
    const found: string[] = []
    JSON.parse(text, (key, value: unknown) => {
      if (secretFields.has(key) && typeof value === 'string') found.push(value)
      return value
    })
    return found
  } catch {
    return text.split(/[\s"':,{}[\]]+/)
  }
}

/** As it is written and as it is meant; of an address that is none, everything that could be one. */
function passwordIn(url: string | undefined): string[] {
  if (url === undefined) return []
  if (!URL.canParse(url)) return [url, ...url.split(/[:@/]+/)]
  const { password, searchParams } = new URL(url)
  // Beyond a "#" or "?" that somebody forgot to encode.
  const written = /^[^:]+:\/\/[^:@]*:(.*)@/.exec(url)?.[1] ?? ''
  return [...new Set([written, decoded(written), decoded(password), searchParams.get('password') ?? ''])]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
