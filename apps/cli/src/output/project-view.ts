import type { Project } from '@toygres/sdk'
import { formatAge } from '../duration.ts'
import type { Kind } from './kind.ts'
import { fields } from './table.ts'

const use = (used: number, limit: number | null): string => `${used} of ${limit ?? 'any number'}`

export const projectKind: Kind<Project> = {
  nameOf: ({ name }) => name,
  columns: [
    { title: 'NAME', cell: ({ name }) => name },
    { title: 'INSTANCES', cell: ({ usage, quota }) => use(usage.instances, quota.instances) },
    { title: 'OPERATIONS', cell: ({ usage, quota }) => use(usage.operations, quota.operations) },
    { title: 'AGE', cell: ({ createdAt }) => formatAge(createdAt) },
    { title: 'ID', cell: ({ id }) => id, extra: true },
    { title: 'CREATED', cell: ({ createdAt }) => createdAt.toISOString(), extra: true },
  ],
}

export const projectView = ({ id, name, quota, usage, createdAt }: Project): string =>
  fields([
    ['name', name],
    ['id', id],
    ['instances', use(usage.instances, quota.instances)],
    ['operations', use(usage.operations, quota.operations)],
    ['created', `${createdAt.toISOString()} (${formatAge(createdAt)} ago)`],
  ])
