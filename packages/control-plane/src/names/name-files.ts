import type { LookupAddress } from 'node:dns'
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'

/** What the files of a system say of names, as hosts(5) and resolv.conf(5) have it. */
export interface NameFiles {
  readonly hosts: ReadonlyMap<string, readonly LookupAddress[]>
  /** Domains that complete a name. */
  readonly search: readonly string[]
  /** A name with fewer dots is completed before it is asked for as it is. */
  readonly ndots: number
}

export interface NameFilePaths {
  readonly hosts: string
  readonly resolvConf: string
}

export const systemNameFiles: NameFilePaths = { hosts: '/etc/hosts', resolvConf: '/etc/resolv.conf' }

/** A file that is not there says nothing. */
export async function readNameFiles({ hosts, resolvConf }: NameFilePaths): Promise<NameFiles> {
  const [known, settings] = await Promise.all([fieldsOf(hosts), fieldsOf(resolvConf)])
  const addresses = new Map<string, LookupAddress[]>()
  for (const [address = '', ...names] of known)
    for (const name of isIP(address) === 0 ? [] : names) {
      const others = addresses.get(name.toLowerCase()) ?? []
      addresses.set(name.toLowerCase(), [...others, { address, family: isIP(address) }])
    }
  const lists = settings.filter(([keyword]) => keyword === 'search' || keyword === 'domain')
  const options = settings.filter(([keyword]) => keyword === 'options').flat()
  const ndots = options.findLast((option) => /^ndots:\d+$/.test(option))?.slice('ndots:'.length)
  return { hosts: addresses, search: lists.at(-1)?.slice(1) ?? [], ndots: Number(ndots ?? 1) }
}

/** What to ask name servers for, in turn, as the system does. A name with no dot is known to none of them as it is. */
export function completionsOf(name: string, { search, ndots }: NameFiles): string[] {
  if (name.endsWith('.')) return [name]
  const dots = name.split('.').length - 1
  const asItIs = dots > 0 ? [name] : []
  const completed = search.map((domain) => `${name}.${domain}`)
  return dots < ndots ? [...completed, ...asItIs] : [...asItIs, ...completed]
}

async function fieldsOf(path: string): Promise<string[][]> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.split('\n').map((line) =>
    line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/),
  )
}
