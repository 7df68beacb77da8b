/** Far longer than a read takes that gets on at all. */
const patienceMs = 250

/**
 * Reads that many ask for at the same moment, made once for all of them. Who asks while one is under way is not given its
 * answer, which may be older than the question, but that of the next one, with everybody who waits for it. One that is stuck
 * holds those who asked for it and nobody else: the next is made without it when it has had its time.
 */
export class JoinedReads<Answer> {
  readonly #read: (key: string) => Promise<Answer>
  readonly #patienceMs: number
  readonly #underWay = new Map<string, Promise<Answer>>()
  readonly #next = new Map<string, Promise<Answer>>()

  constructor(read: (key: string) => Promise<Answer>, patience = patienceMs) {
    this.#read = read
    this.#patienceMs = patience
  }

  ask(key: string): Promise<Answer> {
    const underWay = this.#underWay.get(key)
    if (underWay === undefined) return this.#begin(key)
    const waiting = this.#next.get(key)
    if (waiting !== undefined) return waiting
    const next = this.#after(underWay, () => this.#begin(key))
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

  /** When it has ended, however it did, or has had its time. */
  #after(reading: Promise<Answer>, begin: () => Promise<Answer>): Promise<Answer> {
    return new Promise((resolve) => {
      let begun = false
      function go() {
        clearTimeout(timer)
        if (!begun) resolve(begin())
        begun = true
      }
      const timer = setTimeout(go, this.#patienceMs)
      reading.then(go, go)
    })
  }
}
