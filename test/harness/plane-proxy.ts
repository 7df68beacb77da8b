import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A way to a control plane with everything that may be wrong with one. Passes everything on until it is told otherwise. */
export interface PlaneProxy extends AsyncDisposable {
  readonly url: string
  /** Every connection ends in the middle. */
  cut(): void
  /** The same, and nobody gets another one until it is mended. */
  close(): void
  /** Requests whose path ends like this wait until they are let go; returns what does that. */
  hold(path: string): () => void
  /** Requests whose path ends like this get this status, and no answer of a control plane. */
  refuse(path: string, status: number): void
  /** Nothing is wrong any more. */
  mend(): void
  /** How often a path that ends like this was asked for. */
  asked(path: string): number
  /** The paths that were asked for since the last call. */
  taken(): string[]
}

export async function startPlaneProxy(target: string): Promise<PlaneProxy> {
  const paths: string[] = []
  const held = new Map<string, Promise<void>>()
  const refused = new Map<string, number>()
  const letGo: (() => void)[] = []
  let isClosed = false
  let taken = 0
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = '' } = incoming
    const { pathname } = new URL(url, target)
    paths.push(pathname)
    const of = <Value>(faults: Map<string, Value>) =>
      [...faults].find(([path]) => pathname.endsWith(path))?.[1]
    const status = of(refused)
    if (status !== undefined) {
      outgoing.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Not here</h1>')
      return
    }
    const pass = () => {
      if (outgoing.destroyed) return
      const passed = request(new URL(url, target), { ...(method && { method }), headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        outgoing.flushHeaders()
        answer.on('error', () => outgoing.destroy()).pipe(outgoing)
      })
      passed.on('error', () => outgoing.destroy())
      outgoing.on('close', () => passed.destroy())
      incoming.pipe(passed)
    }
    void (of(held) ?? Promise.resolve()).then(pass)
  })
  server.on('connection', (socket) => {
    if (isClosed) socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const mend = () => {
    isClosed = false
    held.clear()
    refused.clear()
    for (const go of letGo.splice(0)) go()
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => server.closeAllConnections(),
    close() {
      isClosed = true
      server.closeAllConnections()
    },
    hold(path) {
      const { promise, resolve } = Promise.withResolvers<void>()
      held.set(path, promise)
      letGo.push(resolve)
      return () => {
        held.delete(path)
        resolve()
      }
    },
    refuse: (path, status) => void refused.set(path, status),
    mend,
    asked: (path) => paths.filter((asked) => asked.endsWith(path)).length,
    taken() {
      const since = paths.slice(taken)
      taken = paths.length
      return since
    },
    async [Symbol.asyncDispose]() {
      mend()
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
