import { unlink } from 'node:fs/promises'
import { processIdentity } from '@toygres/local-postgres'
import { z } from 'zod'
import type { Home } from './home.ts'
import { readStateFile, writeStateFile } from './state-file.ts'

/** What it was started with, as far as that cannot be changed while it runs. */
const Settings = z.object({
  host: z.string(),
  provider: z.string(),
  /** Without its password; null for one of its own. */
  database: z.string().nullable(),
})
export type Settings = z.infer<typeof Settings>

const RunFile = z.object({
  pid: z.int(),
  /** Tells the process from a later one with the same pid. */
  process: z.string(),
  /** Null until it listens. */
  url: z.string().nullable(),
  /** One of before did not tell them. */
  settings: Settings.optional(),
})
export type RunFile = z.infer<typeof RunFile>

/** The control plane that runs in this home now; null when none does, be it that one was killed. */
export async function findRunning(home: Home): Promise<RunFile | null> {
  const file = await readStateFile(home.runFile, RunFile)
  if (file === null) return null
  return (await processIdentity(file.pid)) === file.process ? file : null
}

export async function sayRunning(home: Home, url: string | null, settings: Settings): Promise<void> {
  const identity = await processIdentity(process.pid)
  if (identity === null) throw new Error('BUG: this process does not exist')
  await writeStateFile(home.runFile, { pid: process.pid, process: identity, url, settings })
}

export async function sayStopped(home: Home): Promise<void> {
  await unlink(home.runFile).catch(() => {})
}
