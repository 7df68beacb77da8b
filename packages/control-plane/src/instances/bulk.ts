import {
  BulkResult,
  errorCatalog,
  ToygresError,
  type BulkAccepted,
  type CreateInstances,
  type DeleteInstances,
  type Principal,
} from '@toygres/schema'
import type { TransactionSql } from 'postgres'
import type { BulkTurns } from '../access/bulk-turns.ts'
import type { Mutations } from '../access/idempotency.ts'
import { refusalFor } from '../refusal-for.ts'
import type { creation } from './create.ts'
import type { deletion } from './delete.ts'

export interface BulkOptions {
  readonly mutations: Mutations
  readonly turns: BulkTurns
  readonly createIn: ReturnType<typeof creation>['createIn']
  readonly removeIn: ReturnType<typeof deletion>['removeIn']
}

/** Each item as a call for it alone would be, and its operation like any other: one caller's five hundred queue behind another's one. */
export function bulkOf({ mutations, turns, createIn, removeIn }: BulkOptions) {
  async function inBulk<Item>(
    principal: Principal,
    { name, request }: { name: string; request: { idempotencyKey?: string | undefined; items: Item[] } },
    deed: (tx: TransactionSql, item: Item) => Promise<BulkResult>,
  ): Promise<BulkAccepted> {
    const mutation = { name, request, answer: BulkResult }
    return turns.take(principal.subject, async () => ({
      results: await mutations.each(principal, mutation, deed, resultOfRefusal),
    }))
  }

  return {
    createMany: (principal: Principal, request: CreateInstances) =>
      inBulk(principal, { name: 'instances.createMany', request }, (tx, item) =>
        createIn(tx, principal, item),
      ),
    deleteMany: (principal: Principal, request: DeleteInstances) =>
      inBulk(principal, { name: 'instances.deleteMany', request }, (tx, item) =>
        removeIn(tx, principal, item),
      ),
  }
}

/** What ails one item is told beside it; what ails the database would ail them all, and a bug is nobody's to read. */
function resultOfRefusal(error: unknown): BulkResult {
  const refusal = refusalFor(error)
  if (!(refusal instanceof ToygresError) || refusal.code === 'UNAVAILABLE') throw error
  const { code, message, details } = refusal
  const { activeOperationId } = details
  const { retryable } = errorCatalog[code]
  return { error: { code, message, retryable, ...(activeOperationId && { activeOperationId }) } }
}
