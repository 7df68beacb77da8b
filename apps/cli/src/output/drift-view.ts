import type { Drift } from '@toygres/sdk'
import { formatAge } from '../duration.ts'
import { table } from './table.ts'

export const driftTable = (drift: readonly Drift[]): string =>
  table<Drift>(
    [
      {
        title: 'INSTANCE',
        cell: ({ instanceName, instanceId }) => (instanceName === 'unknown' ? instanceId : instanceName),
      },
      { title: 'KIND', cell: ({ kind }) => kind, style: ({ resolvedAt }) => (resolvedAt ? 'dim' : 'yellow') },
      { title: 'SINCE', cell: ({ detectedAt }) => `${formatAge(detectedAt)} ago` },
      { title: 'REPAIR', cell: repairOf },
      { title: 'OPERATION', cell: ({ operationId }) => operationId },
      { title: 'DETAIL', cell: ({ detail }) => detail },
    ],
    drift,
  )

function repairOf({ resolvedAt, repairAfter, repairs }: Drift): string {
  if (resolvedAt !== null) return `resolved ${formatAge(resolvedAt)} ago`
  if (repairAfter === null) return 'needs you'
  const tried = repairs === 0 ? '' : `tried ${repairs} times, `
  return repairAfter.getTime() <= Date.now() ? `${tried}under way` : `${tried}at ${repairAfter.toISOString()}`
}
