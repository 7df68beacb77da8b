import { call } from './call.ts'
import type { Transport } from './transport.ts'
import type { CallOptions, SystemActivity, SystemHealth, SystemStatus } from './types.ts'

/** The control plane itself. */
export interface System {
  /** Whether it can do its work. */
  health(options?: CallOptions): Promise<SystemHealth>
  /** Where and in which versions it runs, and how much it has to do. */
  status(options?: CallOptions): Promise<SystemStatus>
  /** Who works, what waits, and how much was done in the last hour. */
  activity(options?: CallOptions): Promise<SystemActivity>
}

export function systemOf(transport: Transport): System {
  return {
    health: (options) => call(transport, 'system.health', undefined, options),
    status: (options) => call(transport, 'system.status', undefined, options),
    activity: (options) => call(transport, 'system.activity', undefined, options),
  }
}
