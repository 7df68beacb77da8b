import type { Sql, TransactionSql } from 'postgres'

/** What ends by itself within this time needs no cancelling. */
const graceMs = 50

/**
 * The same database for one call: once its caller has gone, or its time is up, it begins no statement any more, and the one
 * that PostgreSQL is at is cancelled there. A transaction is rolled back by that; a commit is never cut.
 */
export function untilAborted(sql: Sql, signal: AbortSignal): Sql {
  let running: Set<Statement> | undefined
  return guarded(sql, (made) => {
    signal.throwIfAborted()
    if (isStatement(made)) follow(made, (running ??= cancelledWith(signal)))
    return made
  })
}

/** Statements that are cancelled when the signal is aborted. */
function cancelledWith(signal: AbortSignal): Set<Statement> {
  const running = new Set<Statement>()
  const cancelAll = () => {
    if (running.size > 0) setTimeout(() => running.forEach((statement) => statement.cancel()), graceMs)
  }
  signal.addEventListener('abort', cancelAll, { once: true })
  return running
}

/** What makes statements, with `seen` told of each that is made, also in the transactions that are begun on it. */
function guarded<Maker extends Sql | TransactionSql>(maker: Maker, seen: (made: unknown) => unknown): Maker {
  return new Proxy(maker, {
    apply: (target, self, parts) => seen(Reflect.apply(target, self, parts)),
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      switch (name) {
        case 'unsafe':
          return (...parts: unknown[]) => seen(Reflect.apply(member, target, parts))
        case 'begin':
        case 'savepoint':
          return (...parts: unknown[]) =>
            Reflect.apply(
              member,
              target,
              parts.map((part) => (isBody(part) ? (tx: TransactionSql) => part(guarded(tx, seen)) : part)),
            ) as unknown
        default:
          return member
      }
    },
  })
}

type Body = (tx: TransactionSql) => unknown
const isBody = (part: unknown): part is Body => typeof part === 'function'

/** A statement of postgres.js, once it is awaited; `active` while PostgreSQL is at it. */
interface Statement extends Promise<unknown> {
  readonly active: boolean
  cancel(): Promise<void> | null
}

const isStatement = (made: unknown): made is Statement =>
  made instanceof Promise && 'active' in made && 'cancel' in made

/**
 * Only what is active may be cancelled: the driver would lose count of one that waits in its pipeline. And nothing follows a
 * statement that is being cancelled before PostgreSQL has heard of it, so that it cannot hit the next one.
 */
function follow(statement: Statement, running: Set<Statement>): void {
  const { then, cancel } = statement
  let cancelled: Promise<void> | null = null
  let awaited: Promise<unknown> | undefined
  statement.cancel = () => {
    if (statement.active && cancelled === null) cancelled = cancel.call(statement)
    return cancelled
  }
  const ended = async () => {
    running.delete(statement)
    await cancelled
  }
  // A fragment of another statement is never awaited, and so never sent.
  // oxlint-disable-next-line unicorn/no-thenable -- it is one already
  statement.then = (...handlers) => {
    if (awaited === undefined) running.add(statement)
    awaited ??= new Promise((resolve, reject) => void then.call(statement, resolve, reject)).finally(ended)
    return awaited.then(...handlers)
  }
}
