export interface Entry {
  readonly name: string
  /** An engine remembers each step of an operation; a queue only runs jobs, the last of which nobody can ask for. */
  readonly kind: 'ours' | 'engine' | 'queue' | 'floor'
  readonly module: URL
}

const here = (file: string) => new URL(file, import.meta.url)
const rival = (file: string) => new URL(`../rivals/${file}`, import.meta.url)

export const toygres: Entry = { name: 'toygres', kind: 'ours', module: here('toygres.ts') }

/** What is left when everything but the rows is taken away (bare-loop.ts). */
export const bareLoop: Entry = { name: 'bare loop, same rows', kind: 'floor', module: here('bare-loop.ts') }

export const pgBoss: Entry = { name: 'pg-boss, bare', kind: 'queue', module: rival('pg-boss.ts') }

export const rivals: readonly Entry[] = [
  { name: 'dbos', kind: 'engine', module: rival('dbos.ts') },
  { name: 'openworkflow', kind: 'engine', module: rival('openworkflow.ts') },
  { name: 'pg-workflows', kind: 'engine', module: rival('pg-workflows.ts') },
  { name: 'graphile-worker', kind: 'queue', module: rival('graphile-worker.ts') },
  pgBoss,
]

/** Before a script that needs them. */
export const installRivals = '(cd test/bench/engine/rivals && npm ci --ignore-scripts)'
