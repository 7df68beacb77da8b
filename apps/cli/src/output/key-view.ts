import type { ApiKey } from '@toygres/sdk'
import { formatAge } from '../duration.ts'
import type { Kind } from './kind.ts'
import { styleOfKey } from './states.ts'

export const keyKind: Kind<ApiKey> = {
  nameOf: ({ id }) => id,
  columns: [
    { title: 'ID', cell: ({ id }) => id },
    { title: 'NAME', cell: ({ name }) => name },
    { title: 'ROLE', cell: ({ role }) => role },
    { title: 'STATE', cell: ({ state }) => state, style: styleOfKey },
    { title: 'AGE', cell: ({ createdAt }) => formatAge(createdAt) },
    { title: 'USED', cell: ({ lastUsedAt }) => lastUsedAt && `${formatAge(lastUsedAt)} ago` },
    { title: 'EXPIRES', cell: ({ expiresAt }) => expiresAt && expiresAt.toISOString().slice(0, 10) },
    { title: 'SCOPE', cell: ({ projectId }) => projectId ?? 'system', extra: true },
    { title: 'REPLACED-BY', cell: ({ replacedBy }) => replacedBy, extra: true },
    { title: 'CREATED', cell: ({ createdAt }) => createdAt.toISOString(), extra: true },
  ],
}
