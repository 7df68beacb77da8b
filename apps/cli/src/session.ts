import type { Toygres } from '@toygres/sdk'
import type { Command } from 'commander'
import type { ClientConfig } from './config/client-config.ts'
import { readConfig, type FoundConfig, type WhereFlags } from './config/config.ts'
import type { Format } from './output/print.ts'
import { fetchWithTime } from './server-clock.ts'

/** The flags that every command takes. */
export interface GlobalFlags extends WhereFlags {
  output: Format
}

export interface Session {
  readonly toygres: Toygres
  readonly config: FoundConfig
  readonly format: Format
}

/** What a command that calls the control plane starts with. */
export async function openSession(command: Command): Promise<Session> {
  const { output, ...where } = command.optsWithGlobals<GlobalFlags>()
  const config = await readConfig(where, process.env)
  return { toygres: await openToygres(config), config, format: output }
}

/** Somebody sits before it: who hears nothing for longer than this wants to know. */
const readTimeoutMs = 10_000

/** The SDK is loaded by those only that call something. */
export async function openToygres({ url, apiKey, project }: ClientConfig): Promise<Toygres> {
  const { createToygres } = await import('@toygres/sdk')
  return createToygres({ url, apiKey, project, readTimeoutMs, fetch: fetchWithTime })
}
