import { minutes } from '@toygres/workflow'

/** Of one caller, in a minute. */
const mostOfOne = 20

interface Noted {
  readonly questions: Set<string>
  more: boolean
}

/**
 * Which of the questions that are refused are written down: each once a minute, a few of one caller, and then once that there were
 * more. Whoever asks as fast as they may read is to write no row each time.
 */
export class RefusedReads {
  readonly #now: () => number
  readonly #noted = new Map<string, Noted>()
  #minute = -1

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** What to write down for a question, which is taken for done. */
  take(subject: string, question: string): 'itself' | 'more' | 'nothing' {
    const minute = Math.floor(this.#now() / minutes(1))
    if (minute !== this.#minute) this.#noted.clear()
    this.#minute = minute
    const theirs = this.#noted.get(subject) ?? { questions: new Set(), more: false }
    this.#noted.set(subject, theirs)
    if (theirs.more || theirs.questions.has(question)) return 'nothing'
    if (theirs.questions.size < mostOfOne) {
      theirs.questions.add(question)
      return 'itself'
    }
    theirs.more = true
    return 'more'
  }
}
