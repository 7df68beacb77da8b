import { createServer } from 'node:net'

/** Whether a server could listen on this port of the loopback address now. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== null
}

/** A port that nobody listens on, picked by the system. Somebody else may be faster to use it. */
export async function anyFreePort(): Promise<number> {
  const port = await listenOnce(0)
  if (port === null) throw new Error('BUG: the system has no port left')
  return port
}

function listenOnce(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address()
      const bound = typeof address === 'object' && address ? address.port : null
      server.close(() => resolve(bound))
    })
  })
}
