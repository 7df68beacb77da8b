/** An engine, or a queue, that runs operations of four steps which do nothing but `body` (step-body.ts). */
export interface Contender {
  /** Begins to take up operations. */
  work(): Promise<void>
  /** Stops to: what is under way ends first. */
  rest(): Promise<void>
  /** Starts one, named by the caller. @returns once it is durable; what that returns ends when the result is known to the caller */
  start(key: string): Promise<() => Promise<void>>
  /** Makes many durable as fast as it can, for whoever takes them up. */
  queue(keys: readonly string[]): Promise<void>
  /** Selects `n`, how many have not ended. */
  readonly unended: string
  close(): Promise<void>
}

/** What the module of a contender exports: it has an empty database of its own, or one that another process of it uses too. */
export interface ContenderModule {
  enter(databaseUrl: string): Promise<Contender>
}

export const fourSteps = ['one', 'two', 'three', 'four'] as const

/** In portions, each of them at once. */
export async function inPortions<T>(
  items: readonly T[],
  size: number,
  each: (portion: T[]) => Promise<unknown>,
): Promise<void> {
  for (let i = 0; i < items.length; i += size) await each(items.slice(i, i + size))
}
