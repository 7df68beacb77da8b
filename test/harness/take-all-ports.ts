import { mkdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultPortRange } from '@toygres/providers/local'

/** As if there were an instance of this home on each port that one may have; returns what gives them back. */
export async function takeAllPorts(home: string): Promise<() => Promise<void>> {
  const directory = join(home, 'ports')
  await mkdir(directory, { recursive: true })
  const { first, last } = defaultPortRange
  const links = Array.from({ length: last - first + 1 }, (_, index) => join(directory, String(first + index)))
  await Promise.all(links.map((link) => symlink('01a20be1-0000-7000-8000-000000000000', link)))
  return async () => {
    await Promise.all(links.map((link) => rm(link)))
  }
}
