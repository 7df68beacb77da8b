import { z } from 'zod'
import type { ProjectId } from './project.ts'

/** What a procedure can demand of its caller. */
export const Permission = z.enum([
  'instances:read',
  'instances:write',
  /** Sees passwords. */
  'instances:connect',
  'operations:read',
  'operations:write',
  'keys:read',
  /** Gives and takes away access. */
  'keys:write',
  'audit:read',
  'webhooks:read',
  'webhooks:write',
  /** Sees its own project; one of the system, all of them. */
  'projects:read',
  'projects:write',
  'system:read',
])
export type Permission = z.infer<typeof Permission>

export const Role = z.enum(['viewer', 'operator', 'admin']).meta({ id: 'Role' })
export type Role = z.infer<typeof Role>

const viewer: Permission[] = ['instances:read', 'operations:read', 'projects:read', 'system:read']
const operator: Permission[] = [...viewer, 'instances:write', 'instances:connect', 'operations:write']

export const permissionsOf: Record<Role, readonly Permission[]> = {
  viewer,
  operator,
  admin: Permission.options,
}

/** About the control plane as a whole: nothing that a tenant may do, whatever its role. */
const systemPermissions: ReadonlySet<Permission> = new Set<Permission>(['projects:write', 'system:read'])

/** Who makes a call, once authenticated. */
export interface Principal {
  /** As it appears in `requestedBy`: `api-key:<id>`, or `system` for the control plane itself. */
  readonly subject: string
  readonly role: Role
  /** The one project that the call is about: nothing of any other is there for it. */
  readonly projectId: ProjectId
  /** Belongs to no project: it may act in each, one call in one of them, and do what is about them all. */
  readonly system: boolean
  /** Of the call, where it came as one: it leads from the audit log to the control plane's log. */
  readonly requestId?: string
}

export function may({ role, system }: Principal, permission: Permission): boolean {
  return permissionsOf[role].includes(permission) && (system || !systemPermissions.has(permission))
}
