import { minutes } from '@toygres/workflow'

/** Of one caller, in a minute. */
const mostOfOne = 20

/**
 * Which of the questions that are refused are written down: each once a minute, and a few of one caller. Whoever asks as fast as
 * they may read is to write no row each time.
 */
export class RefusedReads {
  readonly #now: () => number
  readonly #noted = new Map<string, Set<string>>()
  #minute = -1

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Whether to write it down, which is taken for done. */
  isNews(subject: string, question: string): boolean {
    const minute = Math.floor(this.#now() / minutes(1))
    if (minute !== this.#minute) this.#noted.clear()
    this.#minute = minute
    const theirs = this.#noted.get(subject) ?? new Set()
    if (theirs.has(question) || theirs.size >= mostOfOne) return false
    this.#noted.set(subject, theirs.add(question))
    return true
  }
}
