import { HttpConnection, requestText } from './http-connection.ts'
import { Order, type Measured } from './load.ts'
import { watchAll } from './watchers.ts'

// Makes the load, in a process of its own, and tells its parent what it saw.
process.once('message', (message) => {
  void carryOut(Order.parse(message)).then((measured) => {
    process.send?.(measured, () => process.disconnect())
  })
})

function carryOut(order: Order): Promise<Measured> {
  switch (order.kind) {
    case 'get':
      return get(order)
    case 'create':
      return create(order)
    case 'watch':
      return watchAll(order, () => process.send?.('connected'))
  }
}

type Of<Kind> = Extract<Order, { kind: Kind }>

async function get({ server, paths, connections, seconds }: Of<'get'>): Promise<Measured> {
  const requests = paths.map((path) => requestText({ method: 'GET', path, ...server }))
  const taken: number[] = []
  let failed = 0
  const began = performance.now()
  const until = began + seconds * 1000
  async function keepAsking(request: string) {
    const connection = new HttpConnection(server.port)
    for (let at = performance.now(); at < until;) {
      const { status } = await connection.send(request)
      const now = performance.now()
      taken.push(now - at)
      if (status !== 200) failed++
      at = now
    }
    connection.close()
  }
  await Promise.all(
    Array.from({ length: connections }, (_, n) => keepAsking(requests[n % requests.length] ?? '')),
  )
  return { taken, failed, elapsedMs: performance.now() - began }
}

async function create({ server, perSecond, seconds }: Of<'create'>): Promise<Measured> {
  const taken: number[] = []
  let failed = 0
  const free: HttpConnection[] = []
  const sent: Promise<void>[] = []
  const began = performance.now()
  async function createOne(n: number, due: number) {
    const connection = free.pop() ?? new HttpConnection(server.port)
    const body = JSON.stringify({ json: { name: `created-${n}`, idempotencyKey: `key-${n}` } })
    const { status } = await connection.send(
      requestText({ method: 'POST', path: '/trpc/instances.create', body, ...server }),
    )
    taken.push(performance.now() - due)
    if (status !== 200) failed++
    free.push(connection)
  }
  for (let n = 0; n < perSecond * seconds; n++) {
    const due = began + (n * 1000) / perSecond
    const early = due - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    sent.push(createOne(n, due))
  }
  await Promise.all(sent)
  for (const connection of free) connection.close()
  return { taken, failed, elapsedMs: performance.now() - began }
}
