import { once } from 'node:events'
import { connect } from 'node:net'
import { requestText } from './http-connection.ts'
import type { Measured, Order } from './load.ts'

type WatchOrder = Extract<Order, { kind: 'watch' }>

interface Told {
  /** When it was written down, by the database's clock. */
  readonly at: string
  readonly isInOrder: boolean
  /** There is nothing more to be told. */
  readonly isLast: boolean
}

/** What one watcher asks for, and how it reads what it is told, line by line. */
interface Watcher {
  readonly path: string
  read(text: string): Iterable<Told>
}

/** Subscribers as browsers and SDKs are, each on a connection of its own. All of this is on one machine: there is one clock. */
export async function watchAll(
  { server, of, watchers }: WatchOrder,
  onConnected: () => void,
): Promise<Measured> {
  const taken: number[] = []
  let failed = 0
  let connected = 0
  const began = performance.now()
  const allConnected = Promise.withResolvers<void>()
  let allConnectedAt = Infinity

  async function watchOne({ path, read }: Watcher) {
    const socket = connect({ port: server.port, host: '127.0.0.1' })
    socket.write(requestText({ method: 'GET', path, ...server }))
    let text = ''
    let isConnected = false
    socket.setEncoding('utf8').on('data', (data: string) => {
      const now = Date.now()
      text += data
      if (!isConnected && text.includes('event: connected')) {
        isConnected = true
        if (++connected === watchers) {
          allConnectedAt = now
          allConnected.resolve()
        }
      }
      const end = text.lastIndexOf('\n') + 1
      for (const { at, isInOrder, isLast } of read(text.slice(0, end))) {
        if (!isInOrder) failed++
        const written = Date.parse(at)
        // What was written before everybody was there is history, not news.
        if (written >= allConnectedAt) taken.push(now - written)
        if (isLast) socket.end()
      }
      text = text.slice(end)
    })
    await once(socket, 'close')
  }

  void allConnected.promise.then(onConnected)
  await Promise.all(Array.from({ length: watchers }, (_, n) => watchOne(watcherOf(of, n))))
  return { taken, failed, elapsedMs: performance.now() - began }
}

function watcherOf(of: WatchOrder['of'], n: number): Watcher {
  return of.what === 'operations'
    ? operationWatcher(of.ids[n % of.ids.length] ?? '')
    : instancesWatcher(new Set(of.names))
}

const watching = (procedure: string, input: object): string =>
  `/trpc/${procedure}?input=${encodeURIComponent(JSON.stringify({ json: input }))}`

const operationEvent = /"seq":(\d+),"at":"([^"]+)","operationState":"(\w+)","step":(null|"[^"]*")/g

function operationWatcher(id: string): Watcher {
  let seen = 0
  return {
    path: watching('operations.watch', { id }),
    *read(text) {
      for (const [, seq, at = '', state, step] of text.matchAll(operationEvent))
        yield { at, isInOrder: Number(seq) === ++seen, isLast: step === 'null' && state === 'succeeded' }
    },
  }
}

const runningInstance =
  /"position":"[^".]+\.(\d+)".*?"name":"([^"]+)".*?"state":"running".*?"updatedAt":"([^"]+)"/g

/** Told of each change; of one instance several may come as one. What is looked for is that each of these runs. */
function instancesWatcher(awaited: Set<string>): Watcher {
  let last = 0
  return {
    path: watching('instances.watch', {}),
    *read(text) {
      for (const [, position, name = '', at = ''] of text.matchAll(runningInstance)) {
        const isInOrder = Number(position) >= last
        last = Number(position)
        if (awaited.delete(name) || !isInOrder) yield { at, isInOrder, isLast: awaited.size === 0 }
      }
    },
  }
}
