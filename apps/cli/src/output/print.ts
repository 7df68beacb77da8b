import { usageError } from '../cli-error.ts'

export const formats = ['table', 'json', 'yaml', 'name'] as const
export type Format = (typeof formats)[number]

/** How one thing is shown to people, and what it is called. */
export interface Views {
  view: () => string
  /** Left out where there is no name to print. */
  name?: () => string
}

/** Writes data to stdout: the API's object as it is, or a view of it for people. */
export async function print(format: Format, value: unknown, views: Views): Promise<void> {
  write(await render(format, value, views))
}

export async function render(format: Format, value: unknown, { view, name }: Views): Promise<string> {
  switch (format) {
    case 'table':
      return view()
    case 'name':
      if (name === undefined) throw usageError('this has no name', 'use -o table, json or yaml')
      return name()
    case 'json':
      return JSON.stringify(value, null, 2)
    case 'yaml': {
      const { stringify } = await import('yaml')
      return stringify(JSON.parse(JSON.stringify(value)))
    }
  }
}

/** In a stream of things each is a line of its own, or a document of its own. */
export async function renderInStream(format: Format, value: unknown, views: Views): Promise<string> {
  if (format === 'json') return JSON.stringify(value)
  const text = await render(format, value, views)
  return format === 'yaml' ? `---\n${text}` : text
}

export function write(text: string): void {
  if (text !== '') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** A word to the person at the terminal: stderr, so that stdout stays data. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
