import type { TransactionSql } from 'postgres'
import type { OperationState } from '../definition/states.ts'

/** Adds to the history of operations, whose rows the caller has locked, that they are now in this state. */
export async function tell(
  tx: TransactionSql,
  ids: readonly string[],
  state: OperationState,
  why: { readonly code?: string; readonly message?: string } = {},
): Promise<void> {
  await tx`select tell_of_state(${[...ids]}::uuid[], ${state}, ${why.code ?? null}, ${why.message ?? null})`
}
