import { mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isPortFree } from '@toygres/local-postgres'

export interface ClaimedPorts extends AsyncDisposable {
  readonly range: { readonly first: number; readonly last: number }
}

/** Below the ports that the system hands out by itself. */
const [lowest, highest] = [10_000, 20_000]

/** Ports in a row that nobody listens on, and that no other test on this machine claims meanwhile. */
export async function claimPorts(count: number): Promise<ClaimedPorts> {
  for (;;) {
    const first = lowest + count * Math.floor((Math.random() * (highest - lowest)) / count)
    const ports = Array.from({ length: count }, (_, index) => first + index)
    const claimed: string[] = []
    const release = async () => {
      for (const path of claimed) await rm(path, { recursive: true })
    }
    for (const port of ports) {
      const path = join(tmpdir(), `toygres-test-port-${port}`)
      if (!(await made(path))) break
      claimed.push(path)
      if (!(await isPortFree(port))) break
    }
    if (claimed.length === count && (await isPortFree(first + count - 1)))
      return { range: { first, last: first + count - 1 }, [Symbol.asyncDispose]: release }
    await release()
  }
}

/** By one of those who try at once. */
async function made(path: string): Promise<boolean> {
  try {
    await mkdir(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
