// Makes three instances with one call, waits for each, lists them page by page, and removes them with one call.
import { createToygres } from '@toygres/sdk'

const { TOYGRES_URL: url = 'http://127.0.0.1:7420', TOYGRES_API_KEY: apiKey = '' } = process.env
const toygres = createToygres({ url, apiKey })

const results = await toygres.instances.createMany([
  { name: 'example-a' },
  { name: 'example-b' },
  { name: 'example-a' },
])
for (const result of results) {
  if ('error' in result) {
    console.log(`refused: ${result.error.code}`)
    continue
  }
  const operation = await toygres.operations.get(result.operation.id)
  const { state } = await operation.wait()
  console.log(`${result.instance.name}: ${state}`)
}

const made = new Set(results.flatMap((result) => ('instance' in result ? [result.instance.id] : [])))
const names: string[] = []
for await (const { id, name } of toygres.instances.list({ limit: 1 })) if (made.has(id)) names.push(name)
console.log(names.toSorted().join(' '))

const removed = await toygres.instances.deleteMany([...made].map((id) => ({ id })))
for (const result of removed)
  if ('operation' in result) await (await toygres.operations.get(result.operation.id)).wait()
