import { InstanceName, type InstanceId } from '@toygres/schema'
import type { InstanceRef } from '../../provider.ts'

/** The names of an instance's objects: the same for every call, so that each can be looked for before it is made. */
export interface ObjectNames {
  /** Of the StatefulSet, the volume claim, the Secret, the NetworkPolicy and the Service that clients use. */
  readonly base: string
  readonly headlessService: string
  readonly pod: string
}

/**
 * Readable, and the instance's own: a later instance of the same name has other objects. At most 52 characters, which
 * is what the label that Kubernetes derives for a StatefulSet's pods leaves of 63.
 */
export function namesOf({ id, name }: InstanceRef): ObjectNames {
  // The end of a UUIDv7 is random, its beginning is the time.
  const base = `pg-${name}-${id.slice(-8)}`
  return { base, headlessService: `${base}-pod`, pod: `${base}-0` }
}

/** The name of the instance that an object's name was made from: nobody can change that, where anybody can change a label. */
export function nameIn(objectName: string, id: InstanceId): InstanceName | null {
  const name = new RegExp(`^pg-(.+)-${id.slice(-8)}(-pod|-0)?$`).exec(objectName)?.[1]
  return InstanceName.safeParse(name).data ?? null
}
