import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/**
 * Tells a process from a later one that got the same pid: the pid and the moment it began.
 * Null when no such process runs; one that ended and was not reaped yet does not run.
 */
export async function processIdentity(pid: number): Promise<string | null> {
  const began = process.platform === 'linux' ? await startTicks(pid) : await startDate(pid)
  return began === null ? null : `${pid}-${began}`
}

async function startTicks(pid: number): Promise<string | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in parentheses, which may hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state] = fields
    return state === 'Z' || state === 'X' ? null : (fields[19] ?? null)
  } catch {
    return null
  }
}

async function startDate(pid: number): Promise<string | null> {
  try {
    const { stdout } = await execute('ps', ['-o', 'stat=,lstart=', '-p', String(pid)])
    const [, state, date] = /^(\S+)\s+(.+?)\s*$/.exec(stdout) ?? []
    return state && date && !state.startsWith('Z') ? date.replaceAll(/\W+/g, '.') : null
  } catch {
    return null
  }
}
