// What the published package does when it is run, by whatever Node runs this: prints one line of JSON.
import { createToygres } from '@toygres/sdk'

const [, , url, apiKey, operationId] = process.argv
const toygres = createToygres({ url, apiKey })
const handle = await toygres.operations.get(operationId)
const seen = []
const { state, createdAt } = await handle.wait({ onProgress: ({ seq }) => seen.push(seq) })
const refused = await toygres.instances.get('no-such').catch(({ name, code }) => ({ name, code }))
console.log(JSON.stringify({ seen, state, created: createdAt instanceof Date, refused }))
