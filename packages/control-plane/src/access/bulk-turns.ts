import { ToygresError } from '@toygres/schema'

/** Each holds a connection for as long as it takes, and works on another. */
const mostAtOnce = 4
const mostOfOneCaller = 2

/** Calls about many things that this process is at: so few that they leave room for those about one. */
export class BulkTurns {
  readonly #underWay = new Map<string, number>()

  /** @throws {ToygresError} RATE_LIMITED when the caller, or everybody together, has enough under way */
  async take<Answer>(caller: string, work: () => Promise<Answer>): Promise<Answer> {
    const theirs = this.#underWay.get(caller) ?? 0
    const everybodys = [...this.#underWay.values()].reduce((sum, count) => sum + count, 0)
    if (theirs >= mostOfOneCaller || everybodys >= mostAtOnce)
      throw new ToygresError(
        'RATE_LIMITED',
        'enough calls about many instances are under way: send this one again when one of them has ended',
        { details: { retryAfterSeconds: 1 } },
      )
    this.#underWay.set(caller, theirs + 1)
    try {
      return await work()
    } finally {
      const left = (this.#underWay.get(caller) ?? 1) - 1
      if (left === 0) this.#underWay.delete(caller)
      else this.#underWay.set(caller, left)
    }
  }
}
