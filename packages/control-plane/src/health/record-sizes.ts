import type { TransactionSql } from 'postgres'

/** What an instance's databases take, told some time after its check. */
export interface MeasuredSize {
  readonly instanceId: string
  /** Null where it could not be measured: the last one stands, and the next is due as if it had been. */
  readonly databaseBytes: number | null
}

/**
 * Notes the sizes with the last check of each. An instance that somebody else writes to at this moment is left out, and measured
 * again: to wait for its row, with others locked, could be to wait for each other.
 */
export async function recordSizes(tx: TransactionSql, measured: readonly MeasuredSize[]): Promise<void> {
  if (measured.length === 0) return
  const rows = measured.map(({ instanceId, databaseBytes }) => ({
    instance_id: instanceId,
    bytes: databaseBytes,
  }))
  await tx`
    with measured as (
      select * from jsonb_to_recordset(${tx.json(rows)}) as m (instance_id uuid, bytes bigint)
    ), free as (
      select instance_id from instance_health where instance_id in (select instance_id from measured) for update skip locked
    ), noted as (
      update instance_health h set database_bytes = coalesce(m.bytes, h.database_bytes), measured_at = now()
      from measured m join free using (instance_id) where h.instance_id = m.instance_id
      returning h.instance_id, h.checked_at, m.bytes
    )
    update health_samples s set database_bytes = n.bytes from noted n
    where s.instance_id = n.instance_id and s.at = n.checked_at and s.at > now() - interval '1 hour' and n.bytes is not null`
}
