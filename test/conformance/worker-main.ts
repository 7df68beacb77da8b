import { writeSync } from 'node:fs'
import { migrate } from '@toygres/control-plane'
import { openEngine } from './open-engine.ts'
import { WorkerOrders } from './worker-orders.ts'

/** A worker in a process of its own, as told by `startWorkerProcess`. */
const { databaseUrl, crashAt, stopAt, skip, polls, concurrency, migrates, clockAheadMs } = WorkerOrders.parse(
  JSON.parse(process.argv[2] ?? ''),
)

if (clockAheadMs !== 0) {
  // Everything in this process that asks the machine for the time is told another one.
  const RealDate = Date
  globalThis.Date = class extends RealDate {
    constructor(...given: []) {
      super(...(given.length === 0 ? ([RealDate.now() + clockAheadMs] as never) : given))
    }
    static override now = () => RealDate.now() + clockAheadMs
  } as DateConstructor
}

if (migrates) await migrate(databaseUrl)
let passes = skip
const { run } = await openEngine(databaseUrl, {
  polls,
  ...(concurrency !== undefined && { concurrency }),
  reach(point) {
    if (point === crashAt && passes-- === 0) process.kill(process.pid, 'SIGKILL')
    if (point === stopAt && passes-- === 0) {
      writeSync(1, 'paused\n')
      process.kill(process.pid, 'SIGSTOP')
    }
  },
})
await run()
if (stopAt === undefined) process.stdout.write('ready\n')
