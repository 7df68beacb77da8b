import type { Instance, Operation } from '@toygres/sdk'
import { formatAge } from '../duration.ts'
import { labelText } from '../labels.ts'
import type { Kind } from './kind.ts'
import { operationFields } from './operation-view.ts'
import { styleOfHealth, styleOfInstance } from './states.ts'
import { fields, optional } from './table.ts'

export const addressOf = ({ host, port }: Instance): string | null =>
  host === null || port === null ? null : `${host}:${port}`

export const instanceKind: Kind<Instance> = {
  nameOf: ({ name }) => name,
  columns: [
    { title: 'NAME', cell: ({ name }) => name },
    { title: 'STATE', cell: ({ state }) => state, style: styleOfInstance },
    { title: 'HEALTH', cell: ({ healthStatus }) => healthStatus, style: styleOfHealth },
    { title: 'VERSION', cell: ({ version }) => version },
    { title: 'HOST:PORT', cell: addressOf },
    { title: 'AGE', cell: ({ createdAt }) => formatAge(createdAt) },
    { title: 'ID', cell: ({ id }) => id, extra: true },
    { title: 'REASON', cell: ({ stateReason, healthReason }) => stateReason ?? healthReason, extra: true },
    { title: 'PROVIDER', cell: ({ provider }) => provider, extra: true },
    { title: 'OPERATION', cell: ({ activeOperationId }) => activeOperationId, extra: true },
    { title: 'LABELS', cell: ({ labels }) => labelText(labels), extra: true },
    { title: 'CREATED', cell: ({ createdAt }) => createdAt.toISOString(), extra: true },
  ],
}

/** With what is being done to it, where that was looked up. */
export const instanceView = (instance: Instance, operation: Operation | null = null): string =>
  fields([
    ['name', instance.name],
    ['id', instance.id],
    ['state', instance.state, styleOfInstance(instance)],
    ...optional('because', instance.stateReason),
    ['health', instance.healthStatus, styleOfHealth(instance)],
    ...optional('reason', instance.healthReason),
    ...optional('checked', instance.healthCheckedAt && checked(instance.healthCheckedAt, instance)),
    ['version', instance.version],
    ['provider', instance.provider],
    ['address', addressOf(instance)],
    ...optional('labels', labelText(instance.labels)),
    ['operation', instance.activeOperationId],
    ...(operation === null ? [] : operationFields(operation)),
    ['created', moment(instance.createdAt)],
    ['updated', moment(instance.updatedAt)],
    ...optional('deleted', instance.deletedAt && moment(instance.deletedAt)),
  ])

const checked = (at: Date, { healthCheckIntervalSeconds }: Instance): string =>
  `${formatAge(at)} ago, every ${healthCheckIntervalSeconds} s`

const moment = (at: Date): string => `${at.toISOString()} (${formatAge(at)} ago)`
