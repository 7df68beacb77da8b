import { z } from 'zod'

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
  'system:read',
])
export type Permission = z.infer<typeof Permission>

export const Role = z.enum(['viewer', 'operator', 'admin']).meta({ id: 'Role' })
export type Role = z.infer<typeof Role>

const viewer: Permission[] = ['instances:read', 'operations:read', 'system:read']
const operator: Permission[] = [...viewer, 'instances:write', 'instances:connect', 'operations:write']

export const permissionsOf: Record<Role, readonly Permission[]> = {
  viewer,
  operator,
  admin: Permission.options,
}

/** Who makes a call, once authenticated. */
export interface Principal {
  /** As it appears in `requestedBy`: `api-key:<id>`, or `system` for the control plane itself. */
  readonly subject: string
  readonly role: Role
}
