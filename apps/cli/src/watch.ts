import { setTimeout as sleep } from 'node:timers/promises'
import { say, write } from './output/print.ts'

const everyMs = 1_000

export interface Watch<Value> {
  readonly fetch: () => Promise<Value>
  /** The picture for a terminal; null where what changed is printed line by line there, too. */
  readonly onScreen: ((value: Value) => string) | null
  /** What is to be printed since the last call, for scripts and files. */
  readonly changes: (value: Value) => Promise<readonly string[]>
}

/** Looks again and again and shows what it sees, until Ctrl-C. A control plane that is away is waited for. */
export async function watchFor<Value>({ fetch, onScreen, changes }: Watch<Value>): Promise<never> {
  let wasAway = false
  for (let first = true; ; first = false) {
    const value = await fetch().catch((error: unknown) => {
      // A mistake shows at the first look.
      if (first || !isAway(error)) throw error
      if (!wasAway) say(`${error.message}; waiting for it`)
      wasAway = true
      return null
    })
    if (value !== null) {
      if (wasAway) say('the control plane is back')
      wasAway = false
      if (onScreen !== null && process.stdout.isTTY) drawScreen(onScreen(value))
      else for (const text of await changes(value)) write(text)
    }
    await sleep(everyMs)
  }
}

/** From the top left, over what was there. */
function drawScreen(text: string): void {
  const { rows } = process.stdout
  const lines = text.split('\n')
  const shown = rows > 1 && lines.length >= rows ? [...lines.slice(0, rows - 2), '...'] : lines
  process.stdout.write(`\u001B[H\u001B[J${shown.join('\n')}\n`)
}

const isAway = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && error.code === 'UNAVAILABLE'
