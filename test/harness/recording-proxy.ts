import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RecordingProxy extends AsyncDisposable {
  readonly url: string
  /** The paths that were asked for since the last call, each once. */
  taken(): string[]
}

/** Passes everything on as it is, and remembers what was asked for. */
export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  let paths = new Set<string>()
  const server = createServer((incoming, outgoing) => {
    const { method, headers, url = '' } = incoming
    paths.add(new URL(url, target).pathname)
    const passed = request(new URL(url, target), { ...(method && { method }), headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    passed.on('error', () => outgoing.destroy())
    outgoing.on('close', () => passed.destroy())
    incoming.pipe(passed)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken: () => {
      const seen = [...paths]
      paths = new Set()
      return seen
    },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
