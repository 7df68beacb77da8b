export const formats = ['table', 'json', 'yaml'] as const
export type Format = (typeof formats)[number]

/** Writes data to stdout: the API's object as it is, or a view of it for people. */
export async function print(format: Format, value: unknown, view: () => string): Promise<void> {
  const text = await render(format, value, view)
  if (text !== '') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

async function render(format: Format, value: unknown, view: () => string): Promise<string> {
  switch (format) {
    case 'table':
      return view()
    case 'json':
      return JSON.stringify(value, null, 2)
    case 'yaml': {
      const { stringify } = await import('yaml')
      return stringify(JSON.parse(JSON.stringify(value)))
    }
  }
}

/** A word to the person at the terminal: stderr, so that stdout stays data. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
