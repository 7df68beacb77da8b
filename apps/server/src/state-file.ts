import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { z } from 'zod'
import { UserError } from './user-error.ts'

/** Reads a JSON file of ours; null when there is none. */
export async function readStateFile<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new UserError(`${path} cannot be read: ${error.message}`)
  })
  if (text === null) return null
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    throw new UserError(`${path} is not what Toygres wrote there: repair it, or move it away`)
  }
}

/** Only we can read it; whoever reads it sees the old or the new, never half. */
export async function writeStateFile(path: string, value: object): Promise<void> {
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true })
  await rename(draft, path)
}
