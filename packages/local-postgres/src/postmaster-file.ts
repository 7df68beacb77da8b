import { join } from 'node:path'
import { readServerFile } from './server-file.ts'

/** What a postmaster says about itself in its data directory. */
export interface PostmasterFile {
  readonly pid: number
  /** Null until it listens. */
  readonly port: number | null
  readonly status: 'starting' | 'stopping' | 'ready' | 'standby'
}

export const postmasterFileName = 'postmaster.pid'

/** The parsed `postmaster.pid`; null when there is none or when it holds no pid. */
export async function readPostmasterFile(dataDirectory: string): Promise<PostmasterFile | null> {
  const text = await readServerFile(join(dataDirectory, postmasterFileName))
  return text === null ? null : parsePostmasterFile(text)
}

/** The lines are: pid, data directory, start time, port, socket directory, listen address, shared memory, status. */
export function parsePostmasterFile(text: string): PostmasterFile | null {
  const [pid, , , port, , listenAddress, , status] = text.split('\n').map((line) => line.trim())
  if (!pid || !/^\d+$/.test(pid)) return null
  return {
    pid: Number(pid),
    // The address is written once the port is bound; the port itself before that.
    port: port && listenAddress ? Number(port) : null,
    status: statusOf(status),
  }
}

function statusOf(line: string | undefined): PostmasterFile['status'] {
  return line === 'ready' || line === 'standby' || line === 'stopping' ? line : 'starting'
}
