import type { TransactionSql } from 'postgres'
import type { OperationState } from '../definition/states.ts'

/** Adds to the history of operations, whose rows the caller has locked, that they are now in this state. */
export async function tell(
  tx: TransactionSql,
  ids: readonly string[],
  state: OperationState,
  message: string | null = null,
): Promise<void> {
  await tx`
    with counted as (
      update operations set last_seq = last_seq + 1, updated_at = now() where id in ${tx(ids)} returning id, last_seq
    )
    insert into operation_events (operation_id, seq, operation_state, state, message)
    select id, last_seq, ${state}, ${state}, ${message} from counted`
}
