import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** One HTTP/1.1 connection that is kept, and one request on it at a time: a client that costs the machine next to nothing. */
export class HttpConnection {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('data', (data) => {
      this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data])
      const answer = this.#take()
      if (answer !== null) this.#settle?.resolve(answer)
    })
    this.#socket.on('error', (error) => this.#settle?.reject(error))
    this.#socket.on('close', () => this.#settle?.reject(new Error('the server closed the connection')))
  }

  send(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#settle = undefined
    this.#socket.destroy()
  }

  /** The answer, once it is whole: by its length, or by its last chunk. */
  #take(): Answer | null {
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0) return null
    const head = this.#received.toString('latin1', 0, end)
    const length = /content-length: (\d+)/i.exec(head)?.[1]
    const from = end + 4
    const to =
      length === undefined
        ? lastChunk(this.#received, from)
        : wholeLength(this.#received, from + Number(length))
    if (to < 0) return null
    const body = this.#received.toString('utf8', from, to)
    this.#received = Buffer.alloc(0)
    return { status: Number(head.slice(9, 12)), body }
  }
}

const wholeLength = (received: Buffer, to: number): number => (received.length < to ? -1 : to)

function lastChunk(received: Buffer, from: number): number {
  return received.indexOf('\r\n0\r\n\r\n', Math.max(0, from - 2), 'latin1') < 0 ? -1 : received.length
}

export interface RequestTo {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly apiKey?: string | undefined
  readonly body?: string
}

export function requestText({ method, path, apiKey, body }: RequestTo): string {
  return [
    `${method} ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    ...(apiKey === undefined ? [] : [`authorization: Bearer ${apiKey}`]),
    ...(body === undefined
      ? []
      : ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`]),
    '',
    body ?? '',
  ].join('\r\n')
}
