import { readFile } from 'node:fs/promises'
import { replaceFile } from '@toygres/local-postgres'
import type { z } from 'zod'
import { UserError } from './user-error.ts'

/**
 * Reads a JSON file of ours; null when there is none.
 * @throws {UserError} saying what to do about one that is spoilt
 */
export async function readStateFile<T>(
  path: string,
  schema: z.ZodType<T>,
  whatToDo = 'repair it, or move it away',
): Promise<T | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new UserError(`${path} cannot be read: ${error.message}`)
  })
  if (text === null) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw new UserError(`${path} is not what Toygres wrote there: ${whatToDo}`)
  }
}

/** Only we can read it. What was written outlives a loss of power. */
export async function writeStateFile(path: string, value: object): Promise<void> {
  await replaceFile(path, `${JSON.stringify(value, null, 2)}\n`)
}
