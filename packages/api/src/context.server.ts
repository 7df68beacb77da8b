import type { ControlPlane, Logger } from '@toygres/control-plane'
import type { Principal } from '@toygres/schema'
import { authenticate } from './authenticate.ts'
import type { Context } from './context.ts'
import type { StreamSlots } from './stream-slots.ts'

declare module './context.ts' {
  interface Context {
    readonly controlPlane: ControlPlane
    readonly logger: Logger
    readonly streams: StreamSlots
    /** Aborted when the process is about to go: streams end, so that their connections can. */
    readonly stopping: AbortSignal
    readonly requestId: string
    readonly startedAt: number
    /** Who makes the calls of this HTTP request. Asked at most once for all of them. */
    readonly authenticated: () => Promise<Principal>
  }
}

export interface ContextOptions {
  controlPlane: ControlPlane
  logger: Logger
  streams: StreamSlots
  stopping: AbortSignal
  requestId: string
  request: Request
}

export function createContext({ request, ...given }: ContextOptions): Context {
  let principal: Promise<Principal> | undefined
  return {
    ...given,
    startedAt: performance.now(),
    authenticated: () => (principal ??= authenticate(given.controlPlane, request.headers, given.requestId)),
  }
}
