import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Finished } from '../harness/control-plane/index.ts'

/** Compares with the file in `golden/`; `vitest -u` writes it anew. */
export async function expectGolden(name: string, text: string): Promise<void> {
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, 'golden', `${name}.txt`))
}

/** What was typed, what came of it, and how it ended, without what is different each time. */
export function transcript(args: readonly string[], { code, stdout, stderr }: Finished): string {
  const parts = [`$ toygres ${args.join(' ')}`, stdout.trimEnd()]
  if (stderr !== '') parts.push('--- stderr', stderr.trimEnd())
  if (code !== 0) parts.push(`--- exit code ${code}`)
  return `${steady(parts.join('\n'))}\n`
}

const changing: readonly (readonly [RegExp, string])[] = [
  [/toygres_[0-9a-f]{16}_[\w-]{43}/g, '<api key>'],
  [/whsec_[\w+/=]+/g, '<webhook secret>'],
  [/(postgres:\/\/[^:]+):[^@]+@/g, '$1:<password>@'],
  [/("password": )"[^"]+"/g, '$1"<password>"'],
  [/127\.0\.0\.1:\d+/g, '<address>'],
  [/("?port"?: )\d+/g, '$1<port>'],
  [/postgresql-[\d_-]+\.log/g, 'postgresql-<time>.log'],
  [/\b[0-9a-f]{12}-\d+\b/g, '<etag>'],
  [/\b\d{6}_\w+/g, '<migration>'],
  [/(Node v?|PostgreSQL )\d+\.[\d.]+/g, '$1<version>'],
  [/("(?:node|database)": )"v?[\d.]+"/g, '$1"<version>"'],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/g, '<time>'],
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \w+ \[\d+\]/g, '<time> [<pid>]'],
  [/\b\d{4}-\d\d-\d\d\b/g, '<date>'],
  [/\/tmp\/toygres-[\w/.-]*/g, '<home>'],
  [/((?:pid|process) +|"pid": )\d+/g, '$1<pid>'],
  [/(--cursor )\S+|("(?:nextCursor|position)": ?)"[^"]+"/g, '$1$2<position>'],
  // How many minutes the operations fell into.
  [/("throughput": )\[[^\]]*\]/g, '$1[<minutes>]'],
  // A machine that is slow says more of what it waits for.
  [/^ {2}\S+ waiting: .*\n/gm, ''],
  [/\b\d+(\.\d+)? (ms|s|MB|GB)\b/g, '<n>'],
  [/"(\w+(?:Ms|Bytes|Seconds|Percent)|median|p95)":( ?)[\d.]+/g, '"$1":$2<n>'],
  [/\b\d+s\b(?! \(default)/g, '<age>'],
  [/(?<=[ (])\d+m(?= ago|\)| {2,}|$)/gm, '<age>'],
  [/("requestId": ?)"[0-9a-f-]{36}"/g, '$1"<request>"'],
  [/(?<=\S) {3,}(?=\S)/g, '   '],
]

/** Where it says on which machine. */
const ownName = new RegExp(`( on |"host": "|^)${hostname().replaceAll('-', '[-]')}(?=[ ",]|$)`, 'gm')

/** Ids become numbers, in the order in which they are met. */
function steady(text: string): string {
  let result = text.replaceAll(ownName, '$1<host>')
  const ids = new Map<string, string>()
  const numbered = (kind: string) => (id: string) => {
    if (!ids.has(id)) ids.set(id, `<${kind} ${ids.size + 1}>`)
    return ids.get(id) ?? id
  }
  for (const [pattern, replacement] of changing) result = result.replaceAll(pattern, replacement)
  return result
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, numbered('id'))
    .replaceAll(/\b[0-9a-f]{16}\b/g, numbered('key'))
}
