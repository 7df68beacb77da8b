export { createApiKey } from './access/api-keys.ts'
export type { ControlPlane, DriftApi, HealthApi, Instances, Operations, System } from './control-plane.ts'
export {
  startControlPlane,
  type ControlPlaneOptions,
  type RunningControlPlane,
} from './start-control-plane.ts'
export { WrongSealingKey } from './instances/credentials.ts'
export { healthCrashPoints, type HealthCrashPoint } from './health/crash-points.ts'
export { monitorVerifier } from './health/monitor-role.ts'
export type { Probe } from './health/probe.ts'
export type { RepairPolicy } from './reconcile/repair-policy.ts'
export { createSealer } from './sealing.ts'
export { connect } from './database/connect.ts'
export { withoutPassword } from './system.ts'
export { migrate, MigrationError } from './database/migrate.ts'
