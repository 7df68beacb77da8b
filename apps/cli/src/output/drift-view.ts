import type { Drift } from '@toygres/sdk'
import { formatAge } from '../duration.ts'
import { serverNow } from '../server-clock.ts'
import type { Kind } from './kind.ts'

export const driftKind: Kind<Drift> = {
  nameOf: ({ instanceName, instanceId }) => (instanceName === 'unknown' ? instanceId : instanceName),
  columns: [
    {
      title: 'INSTANCE',
      cell: ({ instanceName, instanceId }) => (instanceName === 'unknown' ? instanceId : instanceName),
    },
    { title: 'KIND', cell: ({ kind }) => kind, style: ({ resolvedAt }) => (resolvedAt ? 'dim' : 'yellow') },
    { title: 'SINCE', cell: ({ detectedAt }) => `${formatAge(detectedAt)} ago` },
    { title: 'REPAIR', cell: repairOf },
    { title: 'OPERATION', cell: ({ operationId }) => operationId },
    { title: 'DETAIL', cell: ({ detail }) => detail },
    { title: 'ID', cell: ({ instanceId }) => instanceId, extra: true },
  ],
}

function repairOf({ resolvedAt, repairAfter, repairs }: Drift): string {
  if (resolvedAt !== null) return `resolved ${formatAge(resolvedAt)} ago`
  if (repairAfter === null) return 'needs you'
  const tried = repairs === 0 ? '' : `tried ${repairs === 1 ? 'once' : `${repairs} times`}, `
  return repairAfter.getTime() <= serverNow()
    ? `${tried}under way`
    : `${tried}at ${repairAfter.toISOString()}`
}
