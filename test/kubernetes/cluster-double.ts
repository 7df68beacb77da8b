import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PooledKubeConfig } from '@toygres/providers/kubernetes'

/** An object of a cluster, by the path of its collection. */
export interface Stored {
  readonly collection: string
  readonly metadata: { readonly name: string; readonly uid: string; readonly labels: Record<string, string> }
  readonly spec?: object
}

export interface ClusterDouble extends AsyncDisposable {
  readonly cluster: PooledKubeConfig
  /** What it has, as `collection/name`. */
  names(): string[]
}

/** Speaks as much of a cluster's API as listing, watching and deleting need, and has what it is given. Nothing becomes of it by itself. */
export async function clusterWith(objects: readonly Stored[]): Promise<ClusterDouble> {
  const stored = new Map(objects.map((object) => [pathOf(object), object]))
  const answer = (response: ServerResponse, httpStatus: number, body: object) =>
    response.writeHead(httpStatus, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://here')
    if (request.method === 'DELETE')
      return answer(response, stored.delete(pathname) ? 200 : 404, { kind: 'Status' })
    // What changes is told to nobody.
    if (searchParams.get('watch') === 'true') return response.writeHead(200).flushHeaders()
    const items = [...stored.values()]
      .filter(({ collection }) => collection === pathname)
      .filter((object) => isSelected(object, searchParams))
    answer(response, 200, { metadata: { resourceVersion: '1' }, items })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cluster = new PooledKubeConfig()
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  cluster.loadFromClusterAndUser({ name: 'here', server: address, skipTLSVerify: true }, { name: 'nobody' })
  return {
    cluster,
    names: () => [...stored.keys()],
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

const pathOf = ({ collection, metadata: { name } }: Stored): string => `${collection}/${name}`

function isSelected({ metadata: { name, labels } }: Stored, query: URLSearchParams): boolean {
  const [label, value] = query.get('labelSelector')?.split('=') ?? []
  const field = query.get('fieldSelector')
  if (label !== undefined && labels[label] !== value) return false
  return field === null || field === `metadata.name=${name}`
}
