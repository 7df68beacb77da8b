export { replaceHomeKey } from './access/api-keys.ts'
export { tokenAlgorithms, tokenDefaults, type TokenOptions } from './access/tokens/options.ts'
export type {
  AuditLog,
  CallScope,
  ControlPlane,
  DriftApi,
  HealthApi,
  Instances,
  Keys,
  Operations,
  Projects,
  Sessions,
  System,
  Webhooks,
} from './control-plane.ts'
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
export { AnotherHome, type HomeRef } from './database/claim-home.ts'
export { abandoned } from './abandoned.ts'
export type { Logger } from '@toygres/workflow'
export { connect } from './database/connect.ts'
export { controlPlaneId } from './database/control-plane-id.ts'
export { withoutPassword } from './database/without-password.ts'
export { migrate, MigrationError } from './database/migrate.ts'
export { workflows } from './workflows/registered.ts'
