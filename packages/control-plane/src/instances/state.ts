import type { Address } from '@toygres/providers'
import type { InstanceState } from '@toygres/schema'
import type { ISql } from 'postgres'

/**
 * Moves an instance from one of the named states to another: compare-and-set, never "any to any".
 * @returns false when it is in none of them, and then nothing was changed
 */
export async function moveInstance(
  tx: ISql,
  id: string,
  { from, to, reason = null }: { from: readonly InstanceState[]; to: InstanceState; reason?: string | null },
): Promise<boolean> {
  const rows = await tx`
    update instances set state = ${to}, state_reason = ${reason}, updated_at = now(),
      deleted_at = case when ${to === 'deleted'} then now() end
    where id = ${id} and state in ${tx(from)} returning id`
  return rows.length === 1
}

/** Also how a running instance gets the address that it was found at anew. */
export async function markInstanceRunning(tx: ISql, id: string, { host, port }: Address): Promise<boolean> {
  const rows = await tx`
    update instances set state = 'running', state_reason = null, host = ${host}, port = ${port}, updated_at = now()
    where id = ${id} and state in ('creating', 'running', 'starting') returning id`
  return rows.length === 1
}

/** What an operation asks of the instance that it alone changes meanwhile. */
export async function isIn(tx: ISql, id: string, state: InstanceState): Promise<boolean> {
  return (await tx`select from instances where id = ${id} and state = ${state}`).length === 1
}

export const dataMissing = 'its data is not where it was: bring it back, or delete the instance'

/**
 * Says why a running instance is not as it should be.
 * @returns false when it is not running, and then nothing was changed
 */
export async function explainInstance(tx: ISql, id: string, reason: string): Promise<boolean> {
  const rows = await tx`
    update instances set state_reason = ${reason}, updated_at = now() where id = ${id} and state = 'running' returning id`
  return rows.length === 1
}

/** The same of a stopped one. */
export const explainStopped = (tx: ISql, id: string, reason: string | null): Promise<boolean> =>
  moveInstance(tx, id, { from: ['stopped'], to: 'stopped', reason })

/** A running instance is again as it should be, unless a difference is still open: that may be what is explained. */
export async function stopExplaining(tx: ISql, id: string): Promise<void> {
  await tx`update instances set state_reason = null, updated_at = now()
    where id = ${id} and state = 'running' and state_reason is not null
      and not exists (select from drift where instance_id = ${id} and resolved_at is null)`
}
