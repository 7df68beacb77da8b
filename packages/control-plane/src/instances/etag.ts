import type { Instance } from '@toygres/schema'
import type { ISql } from 'postgres'
import { checkEtag as check } from '../etag.ts'

/** @throws {ToygresError} ETAG_MISMATCH */
export const checkEtag = (instance: Instance, expected: string | undefined): void =>
  check(`instance ${instance.name}`, instance, expected)

/** A caller has changed the instance: whoever decided by what it was before is to hear of it. */
export async function countChange(tx: ISql, id: string): Promise<void> {
  await tx`update instances set generation = generation + 1, updated_at = now() where id = ${id}`
}
