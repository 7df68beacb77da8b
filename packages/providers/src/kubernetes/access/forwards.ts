import { randomInt } from 'node:crypto'
import { type Server, createServer } from 'node:net'
import { PortForward } from '@kubernetes/client-node'
import type { InstanceId } from '@toygres/schema'
import { type InstanceRef, ProviderError } from '../../provider.ts'
import type { Changes } from '../../changes.ts'
import type { ClusterApi } from '../cluster/api.ts'
import type { PooledKubeConfig } from '../cluster/connection.ts'
import { SeenObject } from '../cluster/objects.ts'
import { forwardPortAnnotation, managedBySelector, namesOf } from '../manifests/index.ts'
import type { ClusterView } from '../view.ts'
import { tunnelTo } from './tunnel.ts'

/** Ports of this machine through which instances are reached, one each, kept on the instance's Service. */
export interface ForwardPorts {
  /** The one that the instance has and shares with nobody, else one that nobody has. */
  portFor(instance: InstanceRef, signal?: AbortSignal): Promise<number>
}

export interface Forwards extends ForwardPorts, AsyncDisposable {}

const firstPort = 56_320
const lastPort = 59_999
const attempts = 50
/** Milliseconds after which a port that another process holds is tried again: it may have ended. */
const retryMs = 2000

/** Listens for the clients of every instance whose Service has a port, for as long as it has. */
export function startForwards(
  config: PooledKubeConfig,
  api: ClusterApi,
  view: () => ClusterView,
  changed: Changes,
): Forwards {
  const servers = new Map<InstanceId, { readonly port: number; readonly server: Server }>()
  const held = new Set<InstanceId>()
  const tunnel = new PortForward(config)
  let closed = false
  let retry: NodeJS.Timeout | undefined

  const follow = (id: InstanceId) => {
    const { service } = view().of(id)
    const port = service && portOf(service.metadata.annotations)
    const open = servers.get(id)
    if (closed || open?.port === port) return
    open?.server.close()
    servers.delete(id)
    if (!service || port === undefined) return
    const pod = { namespace: api.namespace, name: `${service.metadata.name}-0` }
    // The client of one that cannot be led there sees a connection that is closed, as it would of a server that is away.
    const server = createServer((client) => {
      tunnelTo(tunnel, pod, client).catch(() => client.destroy())
    })
    // Another control plane of this machine has it, and leads to the same place for as long as it lives.
    server.on('error', () => {
      if (servers.get(id)?.server === server) servers.delete(id)
      held.add(id)
      retry ??= setTimeout(followHeld, retryMs).unref()
    })
    server.listen({ host: '127.0.0.1', port })
    server.unref()
    servers.set(id, { port, server })
  }

  function followHeld(): void {
    retry = undefined
    const ids = [...held]
    held.clear()
    for (const id of ids) follow(id)
  }

  const subscription = changed.subscribe(follow)

  return {
    async portFor(instance, signal) {
      const { base } = namesOf(instance)
      // Of the cluster itself: what another process has just written is not in our picture yet.
      const { items } = await api.list(
        'Service',
        SeenObject,
        { labelSelector: managedBySelector },
        { signal, metadataOnly: true },
      )
      const isOurs = ({ metadata }: SeenObject) => metadata.name === base
      const ports = (services: readonly SeenObject[]) =>
        services.map(({ metadata }) => portOf(metadata.annotations))
      const [known] = ports(items.filter(isOurs))
      const taken = new Set(ports(items.filter((service) => !isOurs(service))))
      if (known !== undefined && !taken.has(known)) return known
      for (let i = 0; i < attempts; i++) {
        // At random: two that pick at once seldom pick the same.
        const port = randomInt(firstPort, lastPort + 1)
        if (!taken.has(port) && (await isFree(port))) return port
      }
      throw new ProviderError(
        'NO_FREE_PORT',
        `no port from ${firstPort} to ${lastPort} was found free: delete an instance`,
        { permanent: false },
      )
    },
    [Symbol.asyncDispose]: async () => {
      closed = true
      clearTimeout(retry)
      subscription[Symbol.dispose]()
      for (const { server } of servers.values()) server.close()
      servers.clear()
    },
  }
}

function portOf(annotations: Record<string, string> | undefined): number | undefined {
  const port = Number(annotations?.[forwardPortAnnotation])
  return Number.isInteger(port) && port > 0 ? port : undefined
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ host: '127.0.0.1', port }, () => server.close(() => resolve(true)))
  })
}
