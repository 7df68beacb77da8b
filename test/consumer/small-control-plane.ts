import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createApi } from '@toygres/api'
import { controlPlaneOf, historyOf, memoryLog, operation } from '@toygres/api/testing'
import { ToygresError } from '@toygres/schema'

export interface Served extends AsyncDisposable {
  readonly url: string
}

/** The real API in front of a control plane with one operation and no instance; beside it, these files of a page. */
export async function serveSmallControlPlane(files: Record<string, Buffer | string> = {}): Promise<Served> {
  const history = historyOf(2)
  const api = createApi({
    logger: memoryLog(),
    controlPlane: controlPlaneOf({
      instances: { get: () => Promise.reject(new ToygresError('INSTANCE_NOT_FOUND', 'there is none')) },
      operations: {
        get: () => Promise.resolve({ ...operation, state: 'succeeded', done: true }),
        watch: async function* (_, _id, { afterSeq }) {
          yield* history.slice(afterSeq)
        },
      },
    }),
  })
  const server = createServer(
    getRequestListener((request) => {
      const { pathname } = new URL(request.url)
      const file = files[pathname]
      if (file === undefined) return api.fetch(request)
      const type = /\.m?js$/.test(pathname) ? 'text/javascript' : 'text/html'
      return new Response(file.toString(), { headers: { 'content-type': type } })
    }),
  ).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}
