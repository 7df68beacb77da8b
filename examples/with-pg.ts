// The same connection for the driver `pg`, in an instance that lives as long as the work in it.
import { createToygres } from '@toygres/sdk'
import pg from 'pg'

const { TOYGRES_URL: url = 'http://127.0.0.1:7420', TOYGRES_API_KEY: apiKey = '' } = process.env
const toygres = createToygres({ url, apiKey })

await toygres.withTemporaryInstance(async ({ instance }) => {
  const client = new pg.Client(await toygres.instances.connection(instance.id))
  await client.connect()
  const { rows } = await client.query<{ user: string }>('select current_user as user')
  console.log(`pg is logged in as ${rows[0]?.user}`)
  await client.end()
})
