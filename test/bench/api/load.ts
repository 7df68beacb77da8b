import { z } from 'zod'

const Server = z.object({ port: z.number(), apiKey: z.string().optional() })

/** What the process that makes the load is told to do. */
export const Order = z.discriminatedUnion('kind', [
  /** As many requests as there can be, on so many connections, for so long; each connection has one path, and they take turns. */
  z.object({
    kind: z.literal('get'),
    server: Server,
    paths: z.array(z.string()),
    connections: z.number(),
    seconds: z.number(),
  }),
  /** Creations at a steady rate, each timed from when it was due: what is late because others are slow counts. */
  z.object({ kind: z.literal('create'), server: Server, perSecond: z.number(), seconds: z.number() }),
  /** So many watchers in all, of these operations each or of all instances; ends when every operation has ended, or these instances run. */
  z.object({
    kind: z.literal('watch'),
    server: Server,
    of: z.discriminatedUnion('what', [
      z.object({ what: z.literal('operations'), ids: z.array(z.string()) }),
      z.object({ what: z.literal('instances'), names: z.array(z.string()) }),
    ]),
    watchers: z.number(),
  }),
])
export type Order = z.infer<typeof Order>

/** Milliseconds of each request, or of each event on its way. */
export const Measured = z.object({ taken: z.array(z.number()), failed: z.number(), elapsedMs: z.number() })
export type Measured = z.infer<typeof Measured>
