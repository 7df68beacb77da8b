import { stat, statfs } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fail, ok, skip, warn, type Check } from './check.ts'
import type { Running } from './run-file.ts'

// What can be seen on this machine, without a call to the control plane.

const oldestNode = 24

export function checkNode(version: string): Check {
  const name = 'node'
  return Number.parseInt(version, 10) >= oldestNode
    ? ok(name, `Node ${version}`)
    : fail(name, `Node ${version} is too old`, `put Node ${oldestNode} or newer first on PATH`)
}

export function checkProcess(running: Running, home: string): Check {
  const name = 'process'
  switch (running.state) {
    case 'none':
      return fail(name, `no control plane runs in ${home}`, 'start it with "toygres up --detach"')
    case 'gone':
      return fail(
        name,
        `the control plane (pid ${running.pid}) was killed, or the machine restarted`,
        'start it with "toygres up --detach": what was under way goes on',
      )
    case 'unreadable':
      return warn(
        name,
        `${running.path} cannot be read: ${running.why}`,
        'restart it: "toygres down", then "toygres up --detach"',
      )
    case 'starting':
      return warn(
        name,
        `the control plane (pid ${running.pid}) is starting`,
        `if that lasts, see ${join(home, 'logs')}`,
      )
    case 'listening':
      return ok(name, `the control plane runs (pid ${running.pid})`)
  }
}

/** Whether somebody listens where the control plane should. */
export async function checkPort(url: string, running: Running | null): Promise<Check> {
  const name = 'port'
  const { hostname, port, protocol } = new URL(url)
  const number = Number(port || (protocol === 'https:' ? 443 : 80))
  const listens = await answers(hostname.replace(/^\[|\]$/g, ''), number)
  const runs = running === null || running.state === 'listening'
  if (listens && runs) return ok(name, `${hostname}:${number} answers`)
  if (listens)
    return fail(
      name,
      `another program listens on ${hostname}:${number}, where the control plane did`,
      'stop that one, or start on another port: "toygres up --detach --port 0"',
    )
  return running === null
    ? fail(
        name,
        `nothing answers at ${hostname}:${number}`,
        'start the control plane there; look for a firewall in between',
      )
    : runs
      ? fail(
          name,
          `the control plane runs, and nothing answers at ${hostname}:${number}`,
          'restart it: "toygres down", then "toygres up --detach"',
        )
      : ok(name, `${hostname}:${number} is free to listen on`)
}

const connectWithinMs = 3_000

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: connectWithinMs })
    const settle = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
    socket.once('timeout', () => settle(false))
  })
}

/** Bytes: below the first the end is near, below the second somebody should know. */
const [fullBelow, lowBelow] = [200_000_000, 2_000_000_000]

export async function checkDisk(home: string): Promise<Check> {
  const name = 'disk'
  const disk = await statfs(home).catch(() => null)
  if (disk === null) return skip(name, `there is no ${home} yet`)
  const free = disk.bavail * disk.bsize
  const detail = `${(free / 1_000_000_000).toFixed(1)} GB free under ${home}`
  const advice = 'make room there: a full disk stops the instances'
  if (free < fullBelow) return fail(name, detail, advice)
  return free < lowBelow ? warn(name, detail, advice) : ok(name, detail)
}

/** Files that open something must be their owner's alone. */
export async function checkSecretFiles(paths: readonly string[]): Promise<Check> {
  const name = 'secret files'
  const found = []
  const open = []
  for (const path of paths) {
    const stats = await stat(path).catch(() => null)
    if (stats === null) continue
    found.push(path)
    if ((stats.mode & 0o077) !== 0) open.push(path)
  }
  if (open.length > 0)
    return fail(name, `others may read ${open.join(' and ')}`, `close them: chmod 600 ${open.join(' ')}`)
  return found.length === 0
    ? skip(name, 'there are none')
    : ok(name, `${found.length} that hold keys, for their owner alone`)
}
