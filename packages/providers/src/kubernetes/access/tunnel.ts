import type { Socket } from 'node:net'
import { PassThrough, Writable } from 'node:stream'
import type { PortForward } from '@kubernetes/client-node'
import { postgresPort } from '../manifests/index.ts'

/** The channel of a forwarded port that has its bytes; the other one has what went wrong. */
const dataChannel = Buffer.of(0)

/** What is used here of the library's web sockets. */
interface Connection {
  readonly isPaused: boolean
  pause(): void
  resume(): void
  send(data: Buffer, sent: (error?: Error | null) => void): void
  close(): void
  on(event: 'close' | 'error', listener: () => void): void
}

/**
 * Leads a client to the server of a pod, through the API server, until either ends. Neither is read faster than the other takes: the
 * library alone would keep here, whole, what a slow one has not taken yet.
 */
export async function tunnelTo(
  forward: PortForward,
  pod: { readonly namespace: string; readonly name: string },
  client: Socket,
): Promise<void> {
  client.on('error', () => client.destroy())
  let connection: Connection | null = null
  const answers = new Writable({
    write(chunk: Buffer, _, done) {
      if (!client.write(chunk) && connection?.isPaused === false) {
        connection.pause()
        client.once('drain', () => connection?.resume())
      }
      done()
    },
  })
  // Never written to: the library would send what comes by it at once.
  const nothing = new PassThrough()
  const opened = await forward.portForward(pod.namespace, pod.name, [postgresPort], answers, null, nothing)
  const tunnel: Connection | null = typeof opened === 'function' ? opened() : opened
  if (!tunnel) throw new Error('the API server opens no tunnel')
  connection = tunnel
  // A client that went meanwhile has told so already.
  if (client.destroyed) return tunnel.close()
  const questions = new Writable({
    write: (chunk: Buffer, _, done) => tunnel.send(Buffer.concat([dataChannel, chunk]), done),
    final(done) {
      tunnel.close()
      done()
    },
  })
  questions.on('error', () => client.destroy())
  tunnel.on('close', () => client.end())
  tunnel.on('error', () => client.destroy())
  client.on('close', () => tunnel.close())
  client.pipe(questions)
}
