// What somebody does with the published package and a control plane that makes real servers. Prints one line of JSON. The drivers are
// the reader's own; where they are is told.
import { ConflictError, createToygres, NotFoundError } from '@toygres/sdk'

const [, , url, apiKey, postgresAt, pgAt] = process.argv
const [{ default: postgres }, { default: pg }] = await Promise.all([import(postgresAt), import(pgAt)])
const toygres = createToygres({ url, apiKey })

const steps = new Set()
const orders = await toygres.instances
  .create({ name: 'orders', labels: { team: 'sales' } })
  .wait({ onProgress: ({ step }) => step && steps.add(step) })

const taken = await toygres.instances.create({ name: 'orders' }).catch((error) => error)
const missing = await toygres.instances.get('no-such').catch((error) => error)

const listed = []
for await (const { name } of toygres.instances.list({ limit: 1 })) listed.push(name)

let seen
for await (const { type, instance } of toygres.instances.watch()) {
  // From here on nothing is missed.
  if (type === 'reset')
    await toygres.instances.update('orders', { labels: { team: 'support' } }, { etag: orders.etag })
  else if (instance.labels.team === 'support') {
    seen = instance.name
    break
  }
}
const stale = await toygres.instances
  .update('orders', { labels: {} }, { etag: orders.etag })
  .catch((error) => error)

const connection = await toygres.instances.connection('orders')
const sql = postgres(connection)
const [byPostgres] = await sql`select current_user as who, 6 * 7 as answer`
await sql.end()
const client = new pg.Client(connection)
await client.connect()
const { rows } = await client.query('select current_user as who, 6 * 7 as answer')
await client.end()

const temporary = await toygres.withTemporaryInstance(async ({ connectionString, instance }) => {
  const inside = postgres(connectionString)
  const [row] = await inside`select 6 * 7 as answer`
  await inside.end()
  return { name: instance.name, answer: row.answer }
})
const removed = await toygres.instances.get(temporary.name).catch((error) => error)
await toygres.instances.delete('orders').wait()

console.log(
  JSON.stringify({
    steps: [...steps],
    state: orders.state,
    listed,
    seen,
    taken: [taken instanceof ConflictError, taken.code],
    missing: [missing instanceof NotFoundError, missing.code],
    stale: [stale instanceof ConflictError, stale.code],
    byPostgres,
    byPg: rows[0],
    temporary: temporary.answer,
    removed: removed.code,
  }),
)
