import { join, resolve } from 'node:path'

/** Where a control plane keeps everything that must outlive it. */
export interface Home {
  readonly path: string
  /** The metadata PostgreSQL that we run ourselves. */
  readonly metadata: string
  /** Tells this home from every other, also from one that has its path later. */
  readonly identity: string
  readonly secrets: string
  readonly client: string
  readonly runFile: string
  readonly lock: string
  readonly logs: string
}

export function homeAt(path: string): Home {
  const at = resolve(path)
  return {
    path: at,
    metadata: join(at, 'metadata'),
    identity: join(at, 'home.json'),
    secrets: join(at, 'secrets.json'),
    client: join(at, 'client.json'),
    runFile: join(at, 'control-plane.json'),
    lock: join(at, 'control-plane.lock'),
    logs: join(at, 'logs'),
  }
}
