import { join } from 'node:path'
import type { Account } from './run-as.ts'

/** The major versions whose binaries come with this package. */
export const postgresMajors = ['16', '17', '18'] as const
export type PostgresMajor = (typeof postgresMajors)[number]

/** The binaries of one major version as installed in a home. */
export interface Installation {
  readonly home: string
  readonly major: PostgresMajor
  /** The exact version of the binaries, such as `18.4.0-beta.17`. */
  readonly version: string
  readonly account: Account | null
}

export type Program = 'postgres' | 'initdb'

export function installationDirectory(installation: Pick<Installation, 'home' | 'version'>): string {
  return join(installation.home, 'postgres', installation.version)
}

export function program(installation: Installation, name: Program): string {
  return join(installationDirectory(installation), 'bin', name)
}
