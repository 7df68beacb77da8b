import { z } from 'zod'

const Coded = z.object({ code: z.string() })

const codeOf = (error: unknown): string => Coded.safeParse(error).data?.code ?? ''

/**
 * The connection is gone, or the server is going down or coming up: whether a commit arrived is not known. The server also ends
 * connections that were idle in a transaction (25P03), or long in one (25P04): those of a process that was paused.
 */
export const isConnectionLoss = (error: unknown): boolean =>
  /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08|57P0|25P03|25P04)/.test(
    codeOf(error),
  )

/** It took longer than a statement may (`statement_timeout`), or somebody cancelled it. */
export const isStatementTimeout = (error: unknown): boolean => codeOf(error) === '57014'

/** Deadlock, serialisation, lock time-out, cancelled statement, out of resources: the same again may work. */
export const isTransient = (error: unknown): boolean => /^(40001|40P01|55P03|57014|53)/.test(codeOf(error))
