import type { HealthStatus, Instance, InstanceState } from '@toygres/sdk'
import { Badge, type Tone } from '../ui/badge.tsx'

const stateTones: Record<InstanceState, Tone> = {
  creating: 'busy',
  running: 'good',
  stopping: 'warn',
  stopped: 'idle',
  starting: 'busy',
  deleting: 'warn',
  deleted: 'idle',
  failed: 'bad',
}
const healthTones: Record<HealthStatus, Tone> = { healthy: 'good', unhealthy: 'bad', unknown: 'idle' }

export function StateBadge({ instance: { state, stateReason, activeOperationId } }: { instance: Instance }) {
  return (
    <Badge tone={stateTones[state]} live={activeOperationId !== null} title={stateReason ?? undefined}>
      {state}
    </Badge>
  )
}

export function HealthBadge({ instance: { healthStatus, healthReason } }: { instance: Instance }) {
  return (
    <Badge tone={healthTones[healthStatus]}>
      {healthReason === null ? healthStatus : `${healthStatus}: ${healthReason}`}
    </Badge>
  )
}

export function addressOf({ host, port }: Instance): string | null {
  return host === null || port === null ? null : `${host.includes(':') ? `[${host}]` : host}:${port}`
}
