import type { Toygres } from '@toygres/sdk'
import type { Command } from 'commander'
import { readConfig } from './config.ts'
import type { Format } from './output/print.ts'

/** The flags that every command takes. */
export interface GlobalFlags {
  output: Format
  home?: string
}

export interface Session {
  readonly toygres: Toygres
  readonly url: string
  readonly format: Format
}

/** What a command that calls the control plane starts with. */
export async function openSession(command: Command): Promise<Session> {
  const { output, home } = command.optsWithGlobals<GlobalFlags>()
  const config = await readConfig(home, process.env)
  const { createToygres } = await import('@toygres/sdk')
  return { toygres: createToygres(config), url: config.url, format: output }
}
