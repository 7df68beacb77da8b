import { join } from 'node:path'
import { isThere } from './directories.ts'
import { readServerBytes } from './server-file.ts'
import { logFiles, tailBytes } from './server-log.ts'
import { untilChanged } from './until-changed.ts'

export interface LogLine {
  /** Where the line ends, for who comes back later. */
  readonly position: string
  readonly text: string
}

export interface ReadLogOptions {
  /** How many of the last lines to begin with. */
  readonly tailLines: number
  /** The position of a line: begins after it instead. */
  readonly after?: string | undefined
  /** Goes on with each new line, until the signal says stop or the log is removed. */
  readonly follow?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** A byte of one of the files. */
interface Place {
  readonly file: string
  readonly offset: number
}

const newline = 0x0a
const chunkBytes = 64 * 1024
/** A change is heard of at once where the system tells; this is for where it does not. */
const lookAgainMs = 1000

/** The lines of a server's log, oldest first, from file to file. */
export async function* readLog(directory: string, options: ReadLogOptions): AsyncGenerator<LogLine, void> {
  const { tailLines, after, follow = false, signal } = options
  let place = placeNamed(after) ?? (await tailStart(directory, tailLines))
  for (;;) {
    for await (const line of linesFrom(directory, place)) {
      signal?.throwIfAborted()
      yield line
      place = placeNamed(line.position) ?? place
    }
    const next = (await logFiles(directory)).find((file) => file > place.file)
    if (next !== undefined) place = { file: next, offset: 0 }
    else if (!follow || !(await untilMore(directory, place, signal))) return
  }
}

/** What ends with a line end; the rest is still being written. */
async function* linesFrom(directory: string, { file, offset }: Place): AsyncGenerator<LogLine, void> {
  for (;;) {
    const from = offset
    const chunk = file === '' ? null : await readServerBytes(join(directory, file), () => from, chunkBytes)
    if (chunk === null || chunk.length === 0) return
    let begin = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, begin)) {
      yield { position: `${file}:${offset + end + 1}`, text: chunk.toString('utf8', begin, end) }
      begin = end + 1
    }
    // A line that fills a chunk is parted.
    if (begin === 0 && chunk.length === chunkBytes) {
      yield { position: `${file}:${offset + chunk.length}`, text: chunk.toString('utf8') }
      begin = chunk.length
    }
    if (begin === 0) return
    offset += begin
  }
}

/** False when the log is removed. */
async function untilMore(directory: string, place: Place, signal: AbortSignal | undefined): Promise<boolean> {
  const more = async () => {
    if (!(await isThere(directory))) return 'removed'
    const files = await logFiles(directory)
    if (files.some((file) => file > place.file)) return 'more'
    const byte = await readServerBytes(join(directory, place.file), () => place.offset, 1)
    return byte !== null && byte.length > 0 ? 'more' : null
  }
  const found = await untilChanged(directory, more, { timeoutMs: Infinity, recheckMs: lookAgainMs, signal })
  return found === 'more'
}

/** Where the last lines begin: in the newest two files, in at most 256 KiB of each. */
async function tailStart(directory: string, lines: number): Promise<Place> {
  const newest = (await logFiles(directory)).slice(-2)
  let missing = lines
  let begin: Place = { file: newest.at(-1) ?? '', offset: 0 }
  for (const file of newest.toReversed()) {
    let start = 0
    const bytes = await readServerBytes(
      join(directory, file),
      (size) => (start = Math.max(0, size - tailBytes)),
      tailBytes,
    )
    if (bytes === null) continue
    const ends = lineEnds(bytes)
    const offset = ends.length > missing ? (ends.at(-missing - 1) ?? -1) + 1 : 0
    begin = { file, offset: start + offset }
    missing -= Math.min(missing, ends.length)
    if (missing === 0) break
  }
  return begin
}

function lineEnds(bytes: Buffer): number[] {
  const ends = []
  for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, end + 1)) ends.push(end)
  return ends
}

/** Comes from far away: it must not lead to another file. Null for what is none. */
function placeNamed(position: string | undefined): Place | null {
  const [, file, offset] = /^(postgresql-[\d_-]+\.log):(\d{1,15})$/.exec(position ?? '') ?? []
  return file === undefined ? null : { file, offset: Number(offset) }
}
