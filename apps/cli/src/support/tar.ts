/** A file of an archive, as text. */
export interface ArchiveFile {
  readonly path: string
  readonly text: string
}

const block = 512

/** An archive in the format that every tar reads (POSIX.1-1988, "ustar"). */
export function tarOf(files: readonly ArchiveFile[], madeAt: Date): Buffer {
  const parts = files.flatMap(({ path, text }) => {
    const body = Buffer.from(text)
    return [header(path, body.length, madeAt), body, Buffer.alloc((block - (body.length % block)) % block)]
  })
  return Buffer.concat([...parts, Buffer.alloc(2 * block)])
}

function header(path: string, size: number, madeAt: Date): Buffer {
  const bytes = Buffer.alloc(block)
  const octal = (value: number, offset: number, length: number) =>
    bytes.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset)
  if (Buffer.byteLength(path) > 100) throw new Error(`BUG: the path ${path} is too long for an archive`)
  bytes.write(path, 0)
  octal(0o600, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(Math.floor(madeAt.getTime() / 1000), 136, 12)
  bytes.write('        0', 148)
  bytes.write('ustar\u000000', 257)
  const sum = bytes.reduce((total, byte) => total + byte, 0)
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return bytes
}
