import { homedir } from 'node:os'
import { join } from 'node:path'

/** Root's instances run as another user, who cannot reach a place below /root. */
export const defaultHome = (): string =>
  process.getuid?.() === 0 ? '/var/lib/toygres' : join(homedir(), '.toygres')

/** Where the control plane of this machine keeps everything: by flag, by `TOYGRES_HOME`, or where it is by itself. */
export const homeOf = (flag: string | undefined, env: NodeJS.ProcessEnv): string =>
  flag ?? (env['TOYGRES_HOME'] || defaultHome())
