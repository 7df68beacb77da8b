import type { InstanceId, InstanceName, PostgresVersion, ProviderName } from '@toygres/schema'

/** An instance as a provider knows it. */
export interface InstanceRef {
  readonly id: InstanceId
  readonly name: InstanceName
}

/** One that may be nobody's: its name is then what is written on its objects, which anybody may have changed. */
export interface InstanceMark {
  readonly id: InstanceId
  readonly name?: InstanceName | undefined
}

/** An instance, and what its server runs. */
export interface InstanceRun extends InstanceRef {
  readonly version: PostgresVersion
}

/** What `ensure` makes true. The password is in memory only: a provider keeps it in its own secret store or not at all. */
export interface InstanceSpec extends InstanceRun {
  readonly password: string
}

export interface Address {
  readonly host: string
  readonly port: number
}

/** What a provider sees of an instance at this moment. */
export type Observation =
  | { readonly phase: 'absent' }
  /** It was not made, or not removed, to the end: its data is not there. */
  | { readonly phase: 'partial'; readonly detail: string }
  | {
      readonly phase: 'starting'
      readonly detail: string
      /** No server of it runs, and its place makes another by itself. Left out where one may be answering. */
      readonly isGone?: true
    }
  | { readonly phase: 'ready'; readonly address: Address }
  /** Its data is there, its server is not running. */
  | {
      readonly phase: 'stopped'
      readonly detail: string
      /** It has ended because it was told to. Left out where it died, or nobody can tell. */
      readonly inGoodOrder?: true
    }
  /** Waiting cannot help. */
  | { readonly phase: 'failed'; readonly code: ProviderErrorCode; readonly detail: string }

export interface FoundInstance extends InstanceRef {
  readonly observation: Observation
  /** Another control plane made it, as its mark says. */
  readonly isAnothers?: boolean
  /** What is set otherwise than by us, each in a sentence. A provider that cannot tell leaves it out. */
  readonly changes?: readonly string[]
}

/** Of the disk under an instance's data. */
export interface DiskUsage {
  readonly freeBytes: number
  readonly totalBytes: number
}

export interface CallOptions {
  readonly signal?: AbortSignal
  /** Milliseconds for which a place that does not answer is asked again, before the call ends with CLUSTER_UNAVAILABLE. */
  readonly patienceMs?: number
}

export interface LogLine {
  /** Where it stands in the log, in the provider's own words. */
  readonly position: string
  readonly text: string
}

export interface LogOptions extends CallOptions {
  readonly tailLines: number
  /** The position of a line: what comes after it, instead of the last lines. One that is none of ours is as good as none. */
  readonly after?: string | undefined
  readonly follow?: boolean
}

/** Where instances live. Each verb is idempotent down to each object it touches: "exists" is never inferred from a sibling. */
export interface InstanceProvider {
  readonly name: ProviderName

  /** Operations on its instances that it bears under way at once; the others wait their turn. */
  readonly operationsAtOnce: number

  /**
   * Makes every object of the instance exist and asks its server to run; returns before it answers.
   * Also what starts a stopped server again, on the address it had.
   * @throws {ProviderError} and then leaves nothing of a first `ensure` behind, where it was refused for good
   */
  ensure(spec: InstanceSpec, options?: CallOptions): Promise<void>

  /**
   * Ends the instance's server in good order; its data, its address and all else stay, for `ensure` to start it again.
   * What is not there is not made.
   * @returns whether it has ended; one that has not is on its way, and the caller comes back
   */
  stop(instance: InstanceRun, options?: CallOptions): Promise<boolean>

  /** With no name known, it is looked for by its id alone. */
  observe(instance: InstanceMark, options?: CallOptions): Promise<Observation>

  /** Calls `onChange` whenever something of an instance may have changed. Coalesces; a hint, never the truth. */
  watch(onChange: (id: InstanceId) => void): Promise<AsyncDisposable>

  /** Removes every object of the instance and returns what is still there; empty means that nothing is left. */
  remove(instance: InstanceRef, options?: CallOptions): Promise<readonly string[]>

  /** Everything that carries our mark, known to metadata or not, half-made or not. */
  list(options?: CallOptions): Promise<readonly FoundInstance[]>

  /**
   * Asks the place where instances live whether it can be worked with now. Left out by a provider whose place is this machine.
   * @throws {ProviderError} that says why not
   */
  check?(options?: CallOptions): Promise<void>

  /** How full the disk under the instance's data is; null when there is none. Left out by a provider that cannot tell. */
  disk?(instance: InstanceRef): Promise<DiskUsage | null>

  /** The last lines of the server's log, oldest first; with `follow`, then each new one until the signal says stop. */
  logs(instance: InstanceRef, options: LogOptions): AsyncIterable<LogLine>
}

export type ProviderErrorCode =
  | 'DISK_FULL'
  | 'NO_FREE_PORT'
  | 'PORT_TAKEN'
  | 'DATA_DIRECTORY_CORRUPT'
  | 'BINARIES_MISSING'
  | 'START_FAILED'
  | 'STOP_FAILED'
  | 'PERMISSION_DENIED'
  /** The API of the cluster does not answer, or not now. */
  | 'CLUSTER_UNAVAILABLE'
  /** The cluster does not know who we are. */
  | 'CREDENTIALS_REFUSED'
  /** The cluster took offence at what it was asked to make. */
  | 'MANIFEST_REFUSED'
  | 'QUOTA_EXCEEDED'
  | 'IMAGE_UNAVAILABLE'
  | 'VOLUME_UNAVAILABLE'
  /** What is to be made is still being removed. */
  | 'BEING_REMOVED'

interface ProviderErrorOptions {
  readonly permanent: boolean
  readonly cause?: unknown
  readonly retryAfterMs?: number | null | undefined
}

/** A refusal by the place where instances live. `permanent` says that trying again cannot help until somebody acts. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly code: ProviderErrorCode
  readonly permanent: boolean
  /** Milliseconds for which the place asks to be left alone. */
  readonly retryAfterMs: number | null

  constructor(code: ProviderErrorCode, message: string, options: ProviderErrorOptions) {
    super(message, { cause: options.cause })
    this.code = code
    this.permanent = options.permanent
    this.retryAfterMs = options.retryAfterMs ?? null
  }
}
