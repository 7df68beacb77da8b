import { setTimeout as sleep } from 'node:timers/promises'
import { say, write } from './output/print.ts'

const everyMs = 1_000
/** Changes that come together are shown together. */
const togetherMs = 100

/** Calls `ring` whenever there may be something new to see, or the control plane was lost sight of; until the signal says stop. */
export type Follow = (ring: () => void, signal: AbortSignal) => Promise<void>

export interface Watch<Value> {
  readonly fetch: () => Promise<Value>
  /** Without it, it is looked every second. */
  readonly follow?: Follow | undefined
  /** The picture for a terminal; null where what changed is printed line by line there, too. */
  readonly onScreen: ((value: Value) => string) | null
  /** What is to be printed since the last call, for scripts and files. */
  readonly changes: (value: Value) => Promise<readonly string[]>
}

/** Shows what it sees, again whenever that changes, until Ctrl-C. A control plane that is away is waited for. */
export async function watchFor<Value>({ fetch, follow, onScreen, changes }: Watch<Value>): Promise<never> {
  const isDrawn = onScreen !== null && process.stdout.isTTY
  using bell = follow === undefined ? clock : new Bell(follow)
  const look = async () => {
    const value = await fetch()
    return { value, texts: isDrawn ? [] : await changes(value) }
  }
  let wasAway = false
  for (let first = true; ; first = false) {
    const seen = await look().catch((error: unknown) => {
      // A mistake shows at the first look.
      if (first || !isAway(error)) throw error
      if (!wasAway) say(`${error.message}; waiting for it`)
      wasAway = true
      return null
    })
    if (seen !== null) {
      if (wasAway) say('the control plane is back')
      wasAway = false
      for (const text of seen.texts) write(text)
    }
    for (let isNew = false; !isNew;) {
      // Without news only ages change.
      if (isDrawn && seen !== null) drawScreen(onScreen(seen.value))
      isNew = (await bell.hasRung()) || seen === null
    }
  }
}

/** Rings every second. */
const clock = { hasRung: () => sleep(everyMs, true), [Symbol.dispose]: () => {} }

/** Rings when what it follows does. */
class Bell implements Disposable {
  readonly #follow: Follow
  readonly #leaving = new AbortController()
  #rung = Promise.withResolvers<true>()
  #following: Promise<true> | undefined

  constructor(follow: Follow) {
    this.#follow = follow
  }

  /** Since the last call: waits for that, but not for longer than people look at one picture. */
  async hasRung(): Promise<boolean> {
    this.#following ??= this.#begin()
    if (!(await Promise.race([this.#rung.promise, this.#following, sleep(everyMs, false)]))) return false
    await sleep(togetherMs)
    this.#rung = Promise.withResolvers()
    return true
  }

  #begin(): Promise<true> {
    const following = this.#follow(() => this.#rung.resolve(true), this.#leaving.signal).then(
      () => true as const,
    )
    // The next call tells of it.
    following.catch(() => {})
    return following
  }

  [Symbol.dispose](): void {
    this.#leaving.abort()
  }
}

/** From the top left, over what was there. A line that is too long is cut: one that wraps would take the place of others. */
function drawScreen(text: string): void {
  const { rows } = process.stdout
  const lines = text.split('\n')
  const shown = rows > 1 && lines.length >= rows ? [...lines.slice(0, rows - 2), '...'] : lines
  process.stdout.write(`\u001B[H\u001B[J\u001B[?7l${shown.join('\n')}\n\u001B[?7h`)
}

const isAway = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === 'UNAVAILABLE'
