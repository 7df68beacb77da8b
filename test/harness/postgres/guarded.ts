import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export interface Guarded {
  readonly home: string
  readonly dataDirectory: string
}

/**
 * Sets a process beside us that cleans up once our end of its stdin closes: when asked to, and when we are
 * killed, which no handler of ours could see.
 */
export async function guard({ home, dataDirectory }: Guarded): Promise<{ release(): Promise<void> }> {
  const child = spawn(
    process.execPath,
    ['--conditions=toygres-source', fileURLToPath(new URL('guard.ts', import.meta.url)), home, dataDirectory],
    // A session of its own: Ctrl-C is not for it.
    { detached: true, stdio: ['pipe', 'ignore', 'inherit'] },
  )
  await once(child, 'spawn')
  child.unref()
  return {
    release: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.ref()
      const exited = once(child, 'exit')
      child.stdin.end()
      await exited
    },
  }
}
