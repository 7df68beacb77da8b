import type {
  ApiKey,
  HealthStatus,
  Instance,
  InstanceState,
  Operation,
  OperationState,
  OperationStep,
  Webhook,
  WebhookDelivery,
} from '@toygres/sdk'
import type { Style } from './text.ts'

export const styleOfInstance = ({ state }: Instance): Style => instanceStyles[state]
export const styleOfHealth = ({ healthStatus }: Pick<Instance, 'healthStatus'>): Style =>
  healthStyles[healthStatus]
export const styleOfOperation = ({ state }: Operation): Style => operationStyles[state]
export const styleOfKey = ({ state }: ApiKey): Style => keyStyles[state]
export const styleOfWebhook = (webhook: Webhook): Style => webhookStyles[stateOfWebhook(webhook)]
export const styleOfDelivery = ({ state }: WebhookDelivery): Style => deliveryStyles[state]
export const styleOfStep = ({ state }: OperationStep): Style => stepStyles[state]

const instanceStyles: Record<InstanceState, Style> = {
  creating: 'yellow',
  running: 'green',
  stopping: 'yellow',
  stopped: 'dim',
  starting: 'yellow',
  deleting: 'yellow',
  deleted: 'dim',
  failed: 'red',
}

const healthStyles: Record<HealthStatus, Style> = { healthy: 'green', unhealthy: 'red', unknown: 'dim' }

const operationStyles: Record<OperationState, Style> = {
  queued: 'dim',
  running: 'yellow',
  cancelling: 'yellow',
  undoing: 'yellow',
  parked: 'red',
  succeeded: 'green',
  failed: 'red',
  cancelled: 'dim',
}

const keyStyles: Record<ApiKey['state'], Style> = { active: 'green', expired: 'dim', revoked: 'dim' }

const webhookStyles = { active: 'green', failing: 'yellow', disabled: 'dim' } as const satisfies Record<
  string,
  Style
>

export function stateOfWebhook({ disabledAt, failingSince }: Webhook): keyof typeof webhookStyles {
  if (disabledAt !== null) return 'disabled'
  return failingSince === null ? 'active' : 'failing'
}

const deliveryStyles: Record<WebhookDelivery['state'], Style> = {
  pending: 'yellow',
  delivered: 'green',
  failed: 'red',
}

const stepStyles: Record<OperationStep['state'], Style> = {
  pending: 'dim',
  running: 'yellow',
  waiting: 'yellow',
  retrying: 'yellow',
  succeeded: 'green',
  failed: 'red',
  undoing: 'yellow',
  undone: 'dim',
}

/** An event that names a step tells that step's state. */
export const isStepState = (state: string): state is OperationStep['state'] =>
  Object.hasOwn(stepStyles, state)

/** The state of an operation, of a step, or of health. */
export const styleOfHappening = (state: string): Style | undefined =>
  ({ ...stepStyles, ...operationStyles, ...healthStyles } as Record<string, Style>)[state]
