import { project } from '../app/project.ts'
import { shellQuoted } from './quoted.ts'

/** One way to say the same thing. */
export interface CopyForm {
  readonly name: string
  readonly text: string
}

/** A command for a terminal, in the project of this page. */
export function commandLine(words: string): string {
  return project === undefined ? `toygres ${words}` : `toygres ${words} --project ${project}`
}

/** What a program that acts in the project of this page makes its client with, before the calls. */
export function withClient(...lines: string[]): string {
  if (project === undefined) return lines.join('\n')
  return [`const toygres = createToygres({ url, apiKey, project: '${project}' })`, ...lines].join('\n')
}

/** What every request over HTTP has to say, one line for each. */
function requestHeaders(): string[] {
  return [
    `  -H "Authorization: Bearer $TOYGRES_API_KEY"`,
    ...(project === undefined ? [] : [`  -H 'Toygres-Project: ${project}'`]),
  ]
}

/** A stream over HTTP, as it comes. */
export function curlStream(procedure: string, input: object): string {
  const query = encodeURIComponent(JSON.stringify({ json: input }))
  return [`curl -N '${location.origin}/trpc/${procedure}?input=${query}'`, ...requestHeaders()].join(' \\\n')
}

/** A call over HTTP, with the key where a shell has it. */
export function curlCall(procedure: string, input: object): string {
  return [
    `curl ${location.origin}/trpc/${procedure}`,
    ...requestHeaders(),
    `  -H 'Content-Type: application/json'`,
    `  -d ${shellQuoted(JSON.stringify({ json: input }))}`,
  ].join(' \\\n')
}
