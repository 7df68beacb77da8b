/** One way to say the same thing. */
export interface CopyForm {
  readonly name: string
  readonly text: string
}

/** A call over HTTP, with the key where a shell has it. */
export function curlCall(procedure: string, input: object): string {
  const body = JSON.stringify({ json: input }).replaceAll("'", String.raw`'\''`)
  return [
    `curl ${location.origin}/trpc/${procedure} \\`,
    `  -H "Authorization: Bearer $TOYGRES_API_KEY" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${body}'`,
  ].join('\n')
}
