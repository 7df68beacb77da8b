import { initTRPC } from '@trpc/server'
import superjson from 'superjson'
import type { Context } from './context.ts'
import { errorShape } from './error-shape.ts'
import type { Meta } from './meta.ts'
import { deafAfterMs, defaultStreamTimes } from './stream-limits.ts'
import { unreadRequestId } from './unread-request.ts'

export const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    transformer: superjson,
    errorFormatter: ({ error, ctx }) => errorShape(error, ctx?.requestId ?? unreadRequestId(error)),
    // No stack ever leaves the server.
    isDev: false,
    sse: {
      ping: { enabled: true, intervalMs: defaultStreamTimes.pingMs },
      client: { reconnectAfterInactivityMs: deafAfterMs },
      maxDurationMs: defaultStreamTimes.longestMs,
    },
  })
