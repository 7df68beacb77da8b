import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

/** The end of a file in a directory that belongs to a server; null when there is no such file. */
export async function readServerFile(path: string, maximumBytes = 4096): Promise<string | null> {
  const end = await readServerBytes(path, (size) => Math.max(0, size - maximumBytes), maximumBytes)
  return end && end.toString('utf8')
}

/**
 * Some bytes of a file in a directory that belongs to a server; null when there is no such file. What the server's user may
 * have planted instead, a link or a pipe, is neither followed nor waited for.
 */
export async function readServerBytes(
  path: string,
  startIn: (size: number) => number,
  maximumBytes: number,
): Promise<Buffer | null> {
  let file: FileHandle
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    return null
  }
  try {
    const stats = await file.stat()
    if (!stats.isFile()) return null
    const start = startIn(stats.size)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maximumBytes), 0, maximumBytes, start)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
