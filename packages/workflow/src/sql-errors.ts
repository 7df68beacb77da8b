import { z } from 'zod'

const Coded = z.object({ code: z.string() })

const codeOf = (error: unknown): string => Coded.safeParse(error).data?.code ?? ''

/** The connection is gone, or the server is going down or coming up: whether a commit arrived is not known. */
export const isConnectionLoss = (error: unknown): boolean =>
  /^(CONNECTION_|CONNECT_TIMEOUT|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|08|57P0)/.test(codeOf(error))

/** Deadlock, serialisation, lock time-out, cancelled statement, out of resources: the same again may work. */
export const isTransient = (error: unknown): boolean => /^(40001|40P01|55P03|57014|53)/.test(codeOf(error))
