// Follows the changes of all instances until one that is made meanwhile runs; what is refused has a class and a code.
import { ConflictError, createToygres } from '@toygres/sdk'

const { TOYGRES_URL: url = 'http://127.0.0.1:7420', TOYGRES_API_KEY: apiKey = '' } = process.env
const toygres = createToygres({ url, apiKey })

const name = 'example-watched'
const enough = new AbortController()
const watching = (async () => {
  for await (const change of toygres.instances.watch({ signal: enough.signal }))
    if (change.type === 'changed' && change.instance.name === name && change.instance.state === 'running')
      return name
  return null
})()

// Sent again with its key, a change is made once.
const once = { idempotencyKey: name }
const { instance, operation } = await toygres.instances.create({ name }, once)
const again = await toygres.instances.create({ name }, once)
console.log(again.operation.id === operation.id ? 'asked twice, made once' : 'made twice')

await toygres.instances.create({ name }).catch((error: unknown) => {
  if (error instanceof ConflictError) console.log(`refused: ${error.code}`)
  else throw error
})

console.log(`${await watching} runs`)
enough.abort()
await toygres.instances.delete(instance.id).wait()
