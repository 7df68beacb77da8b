import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isObject } from '../config/json-file.ts'

/** What the control plane of this machine says of itself in its home. */
export type Running =
  | { readonly state: 'none' }
  | { readonly state: 'unreadable'; readonly path: string; readonly why: string }
  | { readonly state: 'gone' | 'starting' | 'listening'; readonly pid: number }

export async function readRunFile(home: string): Promise<Running> {
  const path = join(home, 'control-plane.json')
  let file: unknown
  try {
    file = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { state: 'none' }
    return { state: 'unreadable', path, why: error instanceof Error ? error.message : String(error) }
  }
  if (!isObject(file) || typeof file['pid'] !== 'number')
    return { state: 'unreadable', path, why: 'it has no pid' }
  const { pid, url } = file as { pid: number; url?: unknown }
  if (!isAlive(pid)) return { state: 'gone', pid }
  return { state: typeof url === 'string' ? 'listening' : 'starting', pid }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
