import type { Permission } from '@toygres/schema'

// In a file of its own, and plain: the type of the router names it, and the SDK ships that type.

/** What a procedure declares about itself. One that declares neither does not exist: a test sees to it. */
export interface Meta {
  /** What its caller must be allowed to do. */
  readonly permission?: Permission
  /** Needs no key. */
  readonly public?: true
}
