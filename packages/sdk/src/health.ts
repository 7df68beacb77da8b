import { call } from './call.ts'
import type { Transport } from './transport.ts'
import type {
  CallOptions,
  Health,
  HealthEvent,
  HealthHistory,
  HealthHistoryRange,
  Page,
  PageRequest,
} from './types.ts'

/** The health of instances: each is checked by a login and a few questions, every 30 seconds unless told otherwise. */
export interface HealthChecks {
  /**
   * What the last check saw, and when the next one is due.
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  get(idOrName: string, options?: CallOptions): Promise<Health>
  /**
   * Sets how often an instance is checked, from 5 to 3600 seconds. The next check is made at once.
   * @throws {InvalidInputError} when the interval is out of these bounds
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  configure(idOrName: string, settings: HealthSettings, options?: CallOptions): Promise<Health>
  /**
   * The checks of a range of time, as points, with the percentage that succeeded.
   * @throws {InvalidInputError} when the range is empty, or too long for the resolution
   * @throws {NotFoundError} `INSTANCE_NOT_FOUND`
   */
  history(idOrName: string, range?: HealthHistoryRange, options?: CallOptions): Promise<HealthHistory>
  /** Every change of an instance's health, newest first, a page at a time. */
  events(idOrName: string, page?: PageRequest, options?: CallOptions): Promise<Page<HealthEvent>>
}

/** How an instance is checked. */
export interface HealthSettings {
  checkIntervalSeconds: number
}

export function healthOf(transport: Transport): HealthChecks {
  return {
    get: (id, { signal } = {}) =>
      call(transport, (rpc, options) => rpc.health.get.query({ id }, options), { signal }),
    // To set the same twice changes nothing, so it may be sent again without a key.
    configure: (id, settings, { signal } = {}) =>
      call(transport, (rpc, options) => rpc.health.configure.mutate({ id, ...settings }, options), {
        signal,
      }),
    history: (id, range = {}, { signal } = {}) =>
      call(transport, (rpc, options) => rpc.health.history.query({ id, ...range }, options), { signal }),
    events: (id, page = {}, { signal } = {}) =>
      call(transport, (rpc, options) => rpc.health.events.query({ id, ...page }, options), { signal }),
  }
}
