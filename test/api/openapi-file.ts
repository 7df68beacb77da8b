import { readFile } from 'node:fs/promises'
import { openApiDocument } from '@toygres/api/openapi'
import { z } from 'zod'
import { docsOf } from '../../packages/sdk/generate/docs.ts'

/** The committed document, which the control plane serves. */
export const openApiPath = new URL('../../packages/api/openapi.json', import.meta.url).pathname

const vocabulary = new URL('../../packages/schema/src', import.meta.url).pathname

const Package = z.object({ version: z.string() })

/** What the file has to say, made from the procedures. */
export async function makeOpenApiFile(): Promise<string> {
  const manifest = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  const { version } = Package.parse(JSON.parse(manifest))
  const document = openApiDocument({ version, comments: docsOf(vocabulary) })
  return `${JSON.stringify(document, null, 2)}\n`
}
