import postgres, { type Sql } from 'postgres'
import { arrayTypes } from './array-types.ts'
import { seconds } from '@toygres/workflow'

export interface ConnectOptions {
  /** Connections at most. */
  readonly max: number
  /** As operators see it in pg_stat_activity. */
  readonly applicationName: string
}

/** A pool on the metadata database. Nothing here waits for ever: connecting and statements have limits. */
export function connect(databaseUrl: string, { max, applicationName }: ConnectOptions): Sql {
  return postgres(databaseUrl, {
    max,
    connect_timeout: 10,
    // Reconnects after an outage come quickly: a restart of the database must not cost seconds.
    backoff: (attempt) => Math.min(0.05 * 2 ** attempt, 1),
    onnotice: () => {},
    fetch_types: false,
    types: arrayTypes,
    connection: {
      application_name: applicationName,
      statement_timeout: seconds(30),
      // A process that is paused in the middle of a turn keeps rows locked: for its peers that is an outage of so long.
      idle_in_transaction_session_timeout: seconds(5),
    },
  })
}
