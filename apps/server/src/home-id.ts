import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { HomeRef } from '@toygres/control-plane'
import { z } from 'zod'
import type { Home } from './home.ts'
import { readStateFile, writeStateFile } from './state-file.ts'

const HomeId = z.object({ id: z.uuid() })

/** What tells this home from others: made on the first run, and in the home, so that it goes along when that is moved. */
export async function readOrMakeHomeId({ path }: Home): Promise<HomeRef> {
  const file = join(path, 'home.json')
  const kept = await readStateFile(file, HomeId)
  const { id } = kept ?? { id: randomUUID() }
  if (kept === null) await writeStateFile(file, { id })
  return { id, path }
}
