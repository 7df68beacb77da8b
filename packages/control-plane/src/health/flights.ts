import { Lane, type LaneOptions } from '../lane.ts'
import { longestProbeMs } from './timing.ts'

/** Checks that are fetched and have not begun: those of 0.4 s where all hang, so that none is taken for lost while it waits. */
const mostWaiting = 256

/** The checks of one kind that this process has fetched: some are under way, the others wait for their turn. */
export class Flights {
  readonly #lane: Lane
  /** As many as hang at once when every one does, with a socket each. */
  readonly #most: number
  #size = 0

  constructor(pace: LaneOptions) {
    this.#lane = new Lane(pace)
    this.#most = (pace.atOnce / pace.holdMs) * longestProbeMs
  }

  get size(): number {
    return this.#size
  }

  /** Checks that can begin within moments. */
  get room(): number {
    const { free, waiting } = this.#lane
    return Math.max(0, Math.min(this.#most - this.#size, free + mostWaiting - waiting))
  }

  async run<Result>(check: () => Promise<Result>): Promise<Result> {
    this.#size++
    return this.#lane.run(check).finally(() => this.#size--)
  }
}
