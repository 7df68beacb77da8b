/** What comes in before the page is drawn next, to be dealt with all together. */
export interface PerFrame<Item> {
  add(item: Item): void
  /** Deals at once with what waits, and with nothing any more. */
  end(): void
}

export function perFrame<Item>(deal: (items: readonly Item[]) => void): PerFrame<Item> {
  let waiting: Item[] = []
  let frame: number | undefined
  const flush = () => {
    frame = undefined
    const items = waiting
    waiting = []
    if (items.length > 0) deal(items)
  }
  return {
    add(item) {
      waiting.push(item)
      frame ??= requestAnimationFrame(flush)
    },
    end() {
      if (frame !== undefined) cancelAnimationFrame(frame)
      flush()
    },
  }
}
