import { ProviderError, type InstanceProvider } from '@toygres/providers'
import { ToygresError, type LogLine, type Principal, type ReadLogs } from '@toygres/schema'
import type { Sql } from 'postgres'
import { getInstance } from './rows.ts'

export interface LogsOptions {
  readonly sql: Sql
  readonly provider: InstanceProvider
}

/** The log of an instance's server, as its provider has it. */
export async function* readLogs(
  { sql, provider }: LogsOptions,
  principal: Principal,
  { id: idOrName, tailLines, follow, lastEventId: after }: ReadLogs,
  signal: AbortSignal,
): AsyncGenerator<LogLine, void> {
  const { id, name, state } = await getInstance(sql, principal, idOrName)
  if (state === 'deleted')
    throw new ToygresError('INSTANCE_NOT_FOUND', `instance ${name} (${id}) is deleted, and its log with it`)
  try {
    yield* provider.logs({ id, name }, { tailLines, follow, after, signal })
  } catch (error) {
    if (signal.aborted) return
    if (error instanceof ProviderError)
      throw new ToygresError('UNAVAILABLE', `the log cannot be read just now: ${error.message}`, {
        cause: error,
      })
    throw error
  }
}
