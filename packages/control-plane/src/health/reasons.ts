import type { HealthReason } from '@toygres/schema'
import { TimedOut } from '../within.ts'

/** A check that failed: a stable reason, and a sentence for people. */
export interface Failure {
  readonly reason: HealthReason
  readonly detail: string
}

const ofSystem: Readonly<Record<string, HealthReason>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  CONNECT_TIMEOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  ECONNRESET: 'connection-lost',
  EPIPE: 'connection-lost',
  CONNECTION_CLOSED: 'connection-lost',
  CONNECTION_ENDED: 'connection-lost',
  CONNECTION_DESTROYED: 'connection-lost',
}

/** By SQLSTATE (errcodes.txt). */
const ofServer: Readonly<Record<string, HealthReason>> = {
  '28P01': 'auth',
  '28000': 'auth',
  '53300': 'too-many-connections',
  '53100': 'disk-full',
  '57014': 'timeout',
  '57P01': 'shutting-down',
  '57P02': 'connection-lost',
}

/** What an error says about the instance that was asked. */
export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error)
  // Half of a pair of code units, or a NUL, is no text to PostgreSQL.
  const detail = message.slice(0, 500).toWellFormed().replaceAll('\0', '\uFFFD')
  return { reason: reasonOf(error), detail }
}

function reasonOf(error: unknown): HealthReason {
  if (error instanceof TimedOut) return 'timeout'
  const code = codeOf(error)
  if (code === undefined) return 'error'
  // "cannot connect now" is said on the way up, on the way down, and during recovery.
  if (code === '57P03')
    return error instanceof Error && /shutting down/.test(error.message) ? 'shutting-down' : 'starting-up'
  if (/^(ERR_(TLS|SSL)|CERT_|DEPTH_ZERO|UNABLE_TO)/.test(code)) return 'tls'
  return ofServer[code] ?? ofSystem[code] ?? 'error'
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  // Several addresses of one name were tried: the first error speaks for all.
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error
  return first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : undefined
}
