import type { ApiKey } from '@toygres/sdk'
import { formatAge } from '../duration.ts'
import { styleOfKey } from './states.ts'
import { table } from './table.ts'

export const keyTable = (keys: readonly ApiKey[]): string =>
  table(
    [
      { title: 'ID', cell: ({ id }) => id },
      { title: 'NAME', cell: ({ name }) => name },
      { title: 'ROLE', cell: ({ role }) => role },
      { title: 'STATE', cell: ({ state }) => state, style: styleOfKey },
      { title: 'AGE', cell: ({ createdAt }) => formatAge(createdAt) },
      { title: 'USED', cell: ({ lastUsedAt }) => lastUsedAt && `${formatAge(lastUsedAt)} ago` },
      { title: 'EXPIRES', cell: ({ expiresAt }) => expiresAt && expiresAt.toISOString().slice(0, 10) },
    ],
    keys,
  )
