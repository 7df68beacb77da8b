/** What a contender's process can be told (contender-main.ts). Times are milliseconds. */
export interface Commands {
  work(): Promise<void>
  rest(): Promise<void>
  queue(count: number): Promise<void>
  /** Runs this many, one after the other, in `mostMs` at most, after a tenth as many to warm up. */
  latencies(count: number, mostMs: number): Promise<number[]>
  /** Begins to work, and waits until this many operations have ended: in `mostMs` at most. */
  drain(count: number, mostMs: number): Promise<Drained>
  /** Begins to start one operation each `everyMs`, whatever becomes of them. */
  offer(everyMs: number): Promise<void>
  /** Stops to. */
  withdraw(): Promise<Offered>
  /** For whoever takes it up first. */
  queueOne(key: string): Promise<void>
  stepsRun(): Promise<number>
  unended(): Promise<number>
  close(): Promise<void>
}

export interface Drained {
  /** Per second, from the first step to the last one's record. */
  readonly rate: number
  /** Executions of steps per operation: four, or something is wrong. Fewer where it was cut short. */
  readonly stepsEach: number
  /** Not all ended in time: the rate is a quarter of that of steps. */
  readonly cutShort: boolean
}

export interface Offered {
  /** Those that the contender said were durable. */
  readonly acknowledged: readonly string[]
  /** When those that ended well were offered and when that was known, by the clock of `Date.now`. */
  readonly successes: readonly { readonly offeredAt: number; readonly knownAt: number }[]
}

export type Call = { readonly id: number; readonly name: keyof Commands; readonly args: readonly unknown[] }
export type Answer = { readonly id: number; readonly value?: unknown; readonly error?: string }
