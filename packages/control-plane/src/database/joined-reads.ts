/**
 * Reads that many ask for at the same moment, made once for all of them. Who asks while one is under way is not given its
 * answer, which may be older than the question, but that of the next one, with everybody who waits for it.
 */
export class JoinedReads<Answer> {
  readonly #read: (key: string) => Promise<Answer>
  readonly #underWay = new Map<string, Promise<Answer>>()
  readonly #next = new Map<string, Promise<Answer>>()

  constructor(read: (key: string) => Promise<Answer>) {
    this.#read = read
  }

  ask(key: string): Promise<Answer> {
    const underWay = this.#underWay.get(key)
    if (underWay === undefined) return this.#begin(key)
    const waiting = this.#next.get(key)
    if (waiting !== undefined) return waiting
    const begin = () => this.#begin(key)
    const next = underWay.then(begin, begin)
    this.#next.set(key, next)
    return next
  }

  #begin(key: string): Promise<Answer> {
    this.#next.delete(key)
    const reading = this.#read(key)
    this.#underWay.set(key, reading)
    const end = () => void (this.#underWay.get(key) === reading && this.#underWay.delete(key))
    reading.then(end, end)
    return reading
  }
}
