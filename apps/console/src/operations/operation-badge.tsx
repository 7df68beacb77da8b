import type { OperationState, OperationStep } from '@toygres/sdk'
import { Badge, type Tone } from '../ui/badge.tsx'

export const tones: Record<OperationState, Tone> = {
  queued: 'idle',
  running: 'busy',
  cancelling: 'warn',
  undoing: 'warn',
  parked: 'bad',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'idle',
}

export const stepTones: Record<OperationStep['state'], Tone> = {
  pending: 'idle',
  running: 'busy',
  waiting: 'busy',
  retrying: 'warn',
  succeeded: 'good',
  failed: 'bad',
  undoing: 'warn',
  undone: 'idle',
}

const live = new Set<OperationState>(['queued', 'running', 'cancelling', 'undoing'])

export function OperationBadge({ state }: { state: OperationState }) {
  return (
    <Badge tone={tones[state]} live={live.has(state)}>
      {state}
    </Badge>
  )
}
