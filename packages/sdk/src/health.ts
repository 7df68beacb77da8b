import { call } from './call.ts'
import { listing, type Listing } from './listing.ts'
import type { Transport } from './transport.ts'
import type {
  CallOptions,
  ConditionalOptions,
  Health,
  HealthEvent,
  HealthHistory,
  HealthHistoryRange,
  PageRequest,
} from './types.ts'

/** The health of instances: each is checked by a login and a few questions, every 30 seconds unless told otherwise. */
export interface HealthChecks {
  /**
   * What the last check saw, and when the next one is due.
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  get(idOrName: string, options?: CallOptions): Promise<Health>
  /** The health of every instance that is not deleted, in the order of `instances.list`: that of the newest first. */
  list(page?: PageRequest, options?: CallOptions): Listing<Health>
  /**
   * Sets how often an instance is checked, from 5 to 3600 seconds. Where that changes, the next check is made at once.
   * @throws {InvalidInputError} when the interval is out of these bounds
   * @throws {ConflictError} `ETAG_MISMATCH`
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  configure(idOrName: string, settings: HealthSettings, options?: ConditionalOptions): Promise<Health>
  /**
   * The checks of a range of time, as points, with the percentage that succeeded.
   * @throws {InvalidInputError} when the range is empty, or too long for the resolution
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  history(idOrName: string, range?: HealthHistoryRange, options?: CallOptions): Promise<HealthHistory>
  /** Every change of an instance's health, newest first. */
  events(idOrName: string, page?: PageRequest, options?: CallOptions): Listing<HealthEvent>
}

/** How an instance is checked. */
export interface HealthSettings {
  checkIntervalSeconds: number
}

export function healthOf(transport: Transport): HealthChecks {
  return {
    get: (id, options) => call(transport, 'health.get', { id }, options),
    list: (filter, options) =>
      listing((from) => call(transport, 'health.list', { ...filter, ...from }, options)),
    configure: (id, settings, { etag, ...options } = {}) =>
      call(transport, 'health.configure', { id, etag, ...settings }, options),
    history: (id, range, options) => call(transport, 'health.history', { id, ...range }, options),
    events: (id, filter, options) =>
      listing((from) => call(transport, 'health.events', { id, ...filter, ...from }, options)),
  }
}
