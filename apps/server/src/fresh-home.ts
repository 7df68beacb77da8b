import { isThere, namesIn, removeTree } from '@toygres/local-postgres'
import { join } from 'node:path'
import type { Home } from './home.ts'
import { findRunning } from './run-file.ts'

/** A home as it was found. */
export interface FoundHome {
  /** Takes away what a start that was refused has made, where there was nothing before. */
  leaveAsFound(): Promise<void>
}

export async function findHome(home: Home): Promise<FoundHome> {
  const wasThere = await isThere(home.path)
  const wasEmpty = (await namesIn(home.path)).length === 0
  return {
    async leaveAsFound() {
      // From its identity on, a database may be bound to it; and another one may have been quicker to start in it.
      if (!wasEmpty || (await isThere(home.identity)) || (await findRunning(home)) !== null) return
      const made = wasThere ? (await namesIn(home.path)).map((name) => join(home.path, name)) : [home.path]
      for (const path of made) await removeTree(path)
    },
  }
}
