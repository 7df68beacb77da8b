import { readdir, readFile } from 'node:fs/promises'
import postgres from 'postgres'

const ticksPerSecond = 100

/** Seconds of CPU that a process and its children have used so far, those that have ended included. */
export async function cpuOf(pid: number): Promise<number> {
  let ticks = 0
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const fields = await statOf(Number(name))
    if (fields === null) continue
    const [, parent] = fields
    const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number)
    if (Number(name) === pid)
      ticks += (user ?? 0) + (system ?? 0) + (childrenUser ?? 0) + (childrenSystem ?? 0)
    else if (Number(parent) === pid) ticks += (user ?? 0) + (system ?? 0)
  }
  return ticks / ticksPerSecond
}

/** From the third field on: the second is a name that may hold spaces. */
async function statOf(pid: number): Promise<string[] | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ')
}

export async function postmasterPid(url: string): Promise<number> {
  const sql = postgres(url, { max: 1 })
  try {
    const [row] = await sql<{ data_directory: string }[]>`show data_directory`
    const file = await readFile(`${row?.data_directory}/postmaster.pid`, 'utf8')
    return Number(file.split('\n')[0])
  } finally {
    await sql.end()
  }
}
