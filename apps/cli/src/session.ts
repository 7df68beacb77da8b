import type { Toygres } from '@toygres/sdk'
import type { Command } from 'commander'
import { readConfig, type FoundConfig, type WhereFlags } from './config/config.ts'
import type { Format } from './output/print.ts'

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
  const { createToygres } = await import('@toygres/sdk')
  return { toygres: createToygres(config), config, format: output }
}
