import { createAdaptorServer } from '@hono/node-server'
import { createApi } from '@toygres/api'
import { controlPlaneOf, memoryLog, type Answers } from '@toygres/api/testing'
import { once } from 'node:events'
import { Server, type AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { createToygres, type Toygres } from '../index.ts'

export interface Served {
  url: string
  toygres: Toygres
  /** What was asked, as `METHOD /path?query`. */
  requests: string[]
  /** Cuts every connection, as a killed process does, and listens no longer. */
  stop: () => Promise<void>
  /** Listens again, at the same address. */
  start: () => Promise<void>
  /** Cuts every connection, and goes on listening. */
  cut: () => void
}

/** The real API on a real port of this machine, in front of a control plane that gives these answers. */
export async function serve(answers: Answers): Promise<Served> {
  const api = createApi({ controlPlane: controlPlaneOf(answers), logger: memoryLog() })
  const requests: string[] = []
  const server = createAdaptorServer({
    fetch: (request) => {
      requests.push(`${request.method} ${request.url}`)
      return api.fetch(request)
    },
  })
  if (!(server instanceof Server) || !('closeAllConnections' in server))
    throw new Error('HTTP/1.1 was asked for')

  const start = async (port = 0) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
  const stop = async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
  const port = await start()
  onTestFinished(() => (server.listening ? stop() : undefined))

  const url = `http://127.0.0.1:${port}`
  return {
    url,
    toygres: createToygres({ url, apiKey: 'admin' }),
    requests,
    stop,
    start: async () => void (await start(port)),
    cut: () => server.closeAllConnections(),
  }
}
