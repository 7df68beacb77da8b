import type { InstanceProvider } from '@toygres/providers'
import { InstanceId, InstanceName, PostgresVersion } from '@toygres/schema'
import { workflowsOn, type Step as StepOn, type TransactStep as TransactStepOn } from '@toygres/workflow'
import { z } from 'zod'
import type { Names } from '../names/names.ts'
import type { HealthSchedule } from '../health/schedule.ts'
import type { Credentials } from '../instances/credentials.ts'

/** What every step can use beside what the engine tells it. */
export interface Dependencies {
  readonly provider: InstanceProvider
  readonly credentials: Credentials
  readonly health: HealthSchedule
  readonly names: Pick<Names, 'lookup'>
  /**
   * Whether a deletion is under way, or waits for what is.
   * @throws {MetadataUnavailable}
   */
  readonly isBeingDeleted: (instanceId: string) => Promise<boolean>
}

export const workflow = workflowsOn<Dependencies>()
export type Step<Input, Output, Outputs = unknown> = StepOn<Dependencies, Input, Output, Outputs>
export type TransactStep<Input, Output, Outputs = unknown> = TransactStepOn<
  Dependencies,
  Input,
  Output,
  Outputs
>

/** The input of every workflow on an instance. Never a secret: it is kept as long as the operation. */
export const InstanceInput = z.object({ id: InstanceId, name: InstanceName, version: PostgresVersion })
export type InstanceInput = z.infer<typeof InstanceInput>
