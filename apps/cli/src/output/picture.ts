import { clearScreenDown, cursorTo, moveCursor } from 'node:readline'
import type { WriteStream } from 'node:tty'

/** Lines on a terminal that are drawn over by the next ones. The cursor stays visible, so that a kill leaves nothing to mend. */
export class Picture {
  readonly #stream: WriteStream
  #drawn = 0

  constructor(stream: WriteStream) {
    this.#stream = stream
  }

  /** How many lines can be drawn over again: what has scrolled off the terminal is out of reach. */
  get room(): number {
    // One that does not know its height says 0.
    return this.#stream.rows > 1 ? this.#stream.rows - 1 : Infinity
  }

  /** Of one that does not know it, 80. */
  get width(): number {
    return this.#stream.columns || 80
  }

  draw(lines: readonly string[]): void {
    if (this.#drawn > 0) {
      moveCursor(this.#stream, 0, -this.#drawn)
      cursorTo(this.#stream, 0)
      clearScreenDown(this.#stream)
    }
    this.#stream.write(`${lines.join('\n')}\n`)
    this.#drawn = lines.length
  }
}
