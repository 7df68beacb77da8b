import type { Resolver } from 'node:dns/promises'
import { Names } from '../names/names.ts'
import type { Resolve } from './post.ts'

/**
 * How the names of receivers are looked up: by name servers and the file of hosts. The system itself has few threads for names, which
 * belong to everybody: whose name server is silent would take them from all others.
 */
export function namesOfReceivers(makeResolver?: () => Resolver): Resolve {
  const names = new Names({ ...(makeResolver && { makeResolver }), askSystem: nobodyElse })
  return (name) => names.resolve(name)
}

const nobodyElse = (name: string): Promise<never> =>
  Promise.reject(Object.assign(new Error(`no name server knows ${name}`), { code: 'ENOTFOUND' }))
