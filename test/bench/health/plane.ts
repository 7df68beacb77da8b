import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const Lateness = z.object({ p50: z.number(), p99: z.number(), max: z.number() })

/** What the control plane says of its health checks, once a minute. */
const Report = z.object({
  checks: z.number(),
  failed: z.number(),
  lateMs: Lateness,
  lateAfterSilenceMs: Lateness.optional(),
})
export type Report = z.infer<typeof Report>

export interface Plane extends AsyncDisposable {
  readonly pid: number
  reports(): readonly Report[]
  /** Those so far, and the next one, which tells of the time before this call, too. */
  forget(): void
}

export interface PlaneOptions {
  readonly databaseUrl: string
  readonly home: string
  readonly sealingKey: string
  readonly askNobody: boolean
  readonly listsAll: boolean
}

/** A control plane in a process of its own, so that what it uses is its own. */
export async function startPlane(options: PlaneOptions): Promise<Plane> {
  const { databaseUrl, home, sealingKey, askNobody, listsAll } = options
  const main = fileURLToPath(new URL('plane-main.ts', import.meta.url))
  const told = { databaseUrl, home, sealingKey, askNobody, listsAll }
  const child = spawn(process.execPath, ['--conditions=toygres-source', main], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TOYGRES_BENCH_PLANE: JSON.stringify(told) },
  })
  const reports: Report[] = []
  let unwanted = 0
  createInterface(child.stdout).on('line', (line) => {
    const report = Report.safeParse(JSON.parse(line))
    if (!report.success) return
    if (unwanted > 0) unwanted--
    else reports.push(report.data)
  })
  await once(child, 'spawn')
  return {
    pid: child.pid ?? 0,
    reports: () => reports,
    forget() {
      reports.splice(0)
      unwanted = 1
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}
