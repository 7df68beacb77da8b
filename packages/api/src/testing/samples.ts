import { defaultProjectId, type Instance, type Operation, type OperationEvent } from '@toygres/schema'

const at = new Date('2026-01-02T03:04:05.678Z')

export const instance: Instance = {
  id: '01981d3e-0000-7000-8000-000000000001',
  projectId: defaultProjectId,
  name: 'orders',
  etag: '000000000001-1',
  labels: {},
  state: 'running',
  stateReason: null,
  healthStatus: 'healthy',
  healthReason: null,
  healthCheckedAt: at,
  healthCheckIntervalSeconds: 30,
  version: '18',
  provider: 'local',
  host: '127.0.0.1',
  port: 20_001,
  activeOperationId: null,
  createdAt: at,
  updatedAt: at,
  deletedAt: null,
}

export const operation: Operation = {
  id: '01981d3e-0000-7000-8000-000000000002',
  projectId: defaultProjectId,
  workflow: 'create-instance',
  resourceId: instance.id,
  resourceName: instance.name,
  state: 'running',
  done: false,
  steps: [],
  error: null,
  requestedBy: 'api-key:admin',
  requestedByName: 'admin',
  createdAt: at,
  startedAt: at,
  retriedAt: null,
  endedAt: null,
}

/** The history of an operation that has succeeded: a few steps, then its end. */
export function historyOf(steps: number): OperationEvent[] {
  return Array.from({ length: steps + 1 }, (_, index) => ({
    operationId: operation.id,
    seq: index + 1,
    at,
    operationState: index < steps ? ('running' as const) : ('succeeded' as const),
    step: index < steps ? `step-${index + 1}` : null,
    state: 'succeeded' as const,
    code: null,
    message: null,
    durationMs: index < steps ? 5 : null,
  }))
}
