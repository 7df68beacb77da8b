import type { ProcedureType } from '@trpc/server'
import type { Context } from './context.ts'
import { refusalOf } from './refusal.ts'

export interface Call {
  path: string | undefined
  type: ProcedureType | 'unknown'
}

// One line per call, of what and how it ended; never of its input, which may hold what is not to be kept.

export function logSuccess(context: Context, call: Call): void {
  context.logger.info(fieldsOf(context, call), 'call answered')
}

export function logFailure(context: Context, call: Call, error: unknown): void {
  const { logger, news } = context
  const refusal = refusalOf(error)
  const fields = { ...fieldsOf(context, call), code: refusal.code }
  if (refusal.code === 'INTERNAL') logger.error({ ...fields, err: error }, 'call failed')
  // It tells the caller what to do; the log, why.
  else if (refusal.code === 'UNAVAILABLE') logger.warn({ ...fields, err: refusal.cause }, 'call refused')
  else if (context.isKnown()) logger.info(fields, 'call refused')
  else {
    const leftOut = news.leftOutBefore(`refused: ${refusal.code}`, null)
    if (leftOut !== null) logger.info({ ...fields, leftOut }, 'call refused')
  }
}

function fieldsOf({ requestId, startedAt }: Pick<Context, 'requestId' | 'startedAt'>, { path, type }: Call) {
  return { requestId, path, type, durationMs: Math.round(performance.now() - startedAt) }
}
