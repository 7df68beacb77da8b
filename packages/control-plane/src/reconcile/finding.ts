import type { Address, Observation } from '@toygres/providers'
import type { DriftKind, HealthReason, InstanceState, ProviderName } from '@toygres/schema'

/** An instance as metadata has it, at one moment. */
export interface KnownInstance {
  readonly id: string
  readonly projectId: string
  readonly name: string
  readonly version: string
  readonly provider: ProviderName
  readonly state: InstanceState
  readonly host: string | null
  readonly port: number | null
  /** Somebody changes it now: whatever is found is none of the reconciler's business. */
  readonly activeOperationId: string | null
  /** What the last operation on it was. */
  readonly lastWorkflow: string | null
}

/** An instance as its provider sees it. */
export interface Seen {
  readonly observation: Observation
  /** Another control plane made it. */
  readonly isAnothers?: boolean | undefined
  readonly changes?: readonly string[] | undefined
}

export interface Finding {
  readonly kind: DriftKind
  readonly detail: string
  /** Trying again cannot help until somebody acts. */
  readonly hopeless: boolean
  /** Where it is now: its provider has moved it, which is nobody's edit. */
  readonly movedTo?: Address
}

/** What the word of its provider means for the health of a running instance; null while it may be well. */
export function downBy(observation: Observation): { reason: HealthReason; detail: string } | null {
  switch (observation.phase) {
    case 'ready':
      return null
    case 'starting':
      return observation.isGone ? { reason: 'server-down', detail: observation.detail } : null
    case 'stopped':
    case 'failed':
      return { reason: 'server-down', detail: observation.detail }
    case 'partial':
    case 'absent':
      return { reason: 'data-missing', detail: dataIsGone }
  }
}

const dataIsGone = 'its data is not where it was'

const absent: Seen = { observation: { phase: 'absent' } }

/** How metadata and provider differ over one instance; null when they do not, or while an operation changes it. */
export function findingOf(known: KnownInstance | null, seen: Seen = absent): Finding | null {
  const { observation, isAnothers = false } = seen
  const isThere = observation.phase !== 'absent'
  if (known === null) return isThere ? orphan({ isAnothers }) : null
  if (known.activeOperationId !== null) return null
  switch (known.state) {
    case 'creating':
      return found('operation-gone', 'it is being made, and no operation does that')
    case 'deleting':
      return found('operation-gone', 'it is being deleted, and no operation does that')
    case 'stopping':
      return found('operation-gone', 'it is being stopped, and no operation does that')
    case 'starting':
      return found('operation-gone', 'it is being started, and no operation does that')
    case 'stopped':
      return stoppedFinding(seen)
    case 'deleted':
    case 'failed':
      return isThere ? found('leftover', `it is ${known.state}, and something of it is still there`) : null
    case 'running':
      return runningFinding(known, seen)
  }
}

/** What cannot change by itself. A full disk or a taken port can. */
const hopelessCodes: ReadonlySet<string> = new Set([
  'DATA_DIRECTORY_CORRUPT',
  'BINARIES_MISSING',
  'PERMISSION_DENIED',
])

function runningFinding({ host, port }: KnownInstance, { observation, changes = [] }: Seen): Finding | null {
  switch (observation.phase) {
    case 'starting':
      // What somebody changed may be why it never gets any further.
      return changedFinding(changes)
    case 'ready': {
      const { address } = observation
      if (address.host !== host || address.port !== port)
        return {
          ...found('spec-changed', `it answers at ${address.host}:${address.port}, not at ${host}:${port}`),
          movedTo: address,
        }
      return changedFinding(changes)
    }
    case 'stopped':
      return found('server-down', observation.detail)
    case 'failed':
      return {
        kind: 'server-down',
        detail: observation.detail,
        hopeless: hopelessCodes.has(observation.code),
      }
    case 'partial':
    case 'absent':
      return missing(dataIsGone)
  }
}

/** That its server does not run is as it should be. What somebody changed of its configuration, its next start puts back. */
function stoppedFinding({ observation }: Seen): Finding | null {
  switch (observation.phase) {
    case 'stopped':
      return null
    case 'starting':
    case 'ready':
      return found('spec-changed', 'it is stopped, and somebody has started its server')
    case 'failed':
      return lossCodes.has(observation.code) ? missing(observation.detail) : null
    case 'partial':
    case 'absent':
      return missing(dataIsGone)
  }
}

/** What a server would only find when it starts. */
const lossCodes: ReadonlySet<string> = new Set(['DATA_DIRECTORY_CORRUPT', 'VOLUME_UNAVAILABLE'])

/** What another control plane made is its own to remove, wherever that is now. */
const orphan = ({ isAnothers }: { readonly isAnothers: boolean }): Finding =>
  isAnothers
    ? { ...found('orphan', 'metadata does not know it: another control plane made it'), hopeless: true }
    : found('orphan', 'it carries our mark, and metadata does not know it')

const missing = (detail: string): Finding => ({ kind: 'data-missing', detail, hopeless: true })

const changedFinding = (changes: readonly string[]): Finding | null =>
  changes.length === 0 ? null : found('spec-changed', changes.join('; '))

const found = (kind: DriftKind, detail: string): Finding => ({ kind, detail, hopeless: false })
