// Makes an instance, tells what happens meanwhile, asks it something, and removes it.
import { createToygres } from '@toygres/sdk'
import postgres from 'postgres'

const { TOYGRES_URL: url = 'http://127.0.0.1:7420', TOYGRES_API_KEY: apiKey = '' } = process.env
const toygres = createToygres({ url, apiKey })

const instance = await toygres.instances.create({ name: 'example-first' }).wait({
  onProgress: ({ step, state }) => console.error(step ?? 'operation', state),
})

const connection = await toygres.instances.connection(instance.id)
const sql = postgres(connection)
const [row] = await sql`select 6 * 7 as answer`
console.log(`${instance.name} says ${row?.['answer']}`)
await sql.end()

await toygres.instances.delete(instance.id).wait()
console.log(`${instance.name} is deleted`)
