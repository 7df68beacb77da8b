import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { KubeConfig } from '@kubernetes/client-node'

export interface SeenRequest {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly isWatch: boolean
  /** The notation that an answer is wanted in. */
  readonly accept: string
}

/**
 * What to do with a request instead of handing it on: an answer, to cut the line before or after the API server did its work,
 * or, to one that watches, to tell nothing.
 */
export type Fault = Refusal | 'cut-before' | 'cut-after' | 'mute'

interface Refusal {
  readonly status: number
  readonly retryAfter?: number
}

/** Stands between a client and the real API server, and spoils what it is told to. */
export interface ApiServerProxy extends AsyncDisposable {
  /** Leads through it. */
  readonly kubeconfig: string
  readonly requests: readonly SeenRequest[]
  /** Asked for each request; null hands it on. */
  spoil(fault: (request: SeenRequest) => Fault | null): void
  /** As if the API server had gone: open lines are cut, new ones refused. */
  down(): void
  up(): void
  forget(): void
}

export async function startApiServerProxy(config: KubeConfig): Promise<ApiServerProxy> {
  const target = new URL(config.getCurrentCluster()?.server ?? '')
  const agent = new Agent({ ...(await tlsOf(config)), keepAlive: true })
  const requests: SeenRequest[] = []
  let faultOf: (request: SeenRequest) => Fault | null = () => null
  let isDown = false

  const server = createServer((incoming, outgoing) => {
    if (isDown) return void incoming.socket.destroy()
    const { method = '', url = '', headers } = incoming
    const { accept = '' } = headers
    const seen = { method, path: url, isWatch: /[?&]watch=true/.test(url), accept }
    requests.push(seen)
    const fault = faultOf(seen)
    if (fault === 'cut-before') return void incoming.socket.destroy()
    if (fault === 'mute') return outgoing.writeHead(200).flushHeaders()
    if (fault !== null && fault !== 'cut-after') return refuse(incoming, outgoing, fault)
    handOn(incoming, outgoing, fault === 'cut-after')
  })

  function handOn(incoming: IncomingMessage, outgoing: ServerResponse, cutAfter: boolean): void {
    const { host: _, ...headers } = incoming.headers
    const onward = httpsRequest(
      {
        host: target.hostname,
        port: target.port,
        path: incoming.url,
        method: incoming.method,
        headers,
        agent,
      },
      (answer) => {
        if (cutAfter) return void answer.resume().on('end', () => incoming.socket.destroy())
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        // A watch stands from here on, though nothing may happen for long.
        outgoing.flushHeaders()
        answer.on('error', () => outgoing.destroy())
        answer.pipe(outgoing)
      },
    )
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  }

  server.listen({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const directory = await mkdtemp(join(tmpdir(), 'toygres-proxy-'))
  const kubeconfig = join(directory, 'kubeconfig')
  await writeFile(kubeconfig, kubeconfigFor((server.address() as AddressInfo).port))
  return {
    kubeconfig,
    requests,
    spoil: (fault) => (faultOf = fault),
    down: () => {
      isDown = true
      server.closeAllConnections()
    },
    up: () => (isDown = false),
    forget: () => void requests.splice(0),
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      agent.destroy()
      await rm(directory, { recursive: true })
    },
  }
}

function refuse(incoming: IncomingMessage, outgoing: ServerResponse, { status, retryAfter }: Refusal): void {
  incoming.resume()
  outgoing.writeHead(status, {
    'content-type': 'application/json',
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
  })
  outgoing.end(
    JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code: status,
      message: `spoiled: ${status}`,
    }),
  )
}

async function tlsOf(config: KubeConfig) {
  const cluster = config.getCurrentCluster()
  const user = config.getCurrentUser()
  const bytes = async (data: string | undefined, file: string | undefined) =>
    data === undefined ? file && readFile(file) : Buffer.from(data, 'base64')
  return {
    ca: await bytes(cluster?.caData, cluster?.caFile),
    cert: await bytes(user?.certData, user?.certFile),
    key: await bytes(user?.keyData, user?.keyFile),
  }
}

const kubeconfigFor = (port: number): string => `apiVersion: v1
kind: Config
current-context: kind-proxy
contexts: [{ name: kind-proxy, context: { cluster: proxy, user: nobody } }]
clusters: [{ name: proxy, cluster: { server: 'http://127.0.0.1:${port}', insecure-skip-tls-verify: true } }]
users: [{ name: nobody, user: {} }]
`
