import type { ChildProcess } from 'node:child_process'
import type { z } from 'zod'
import { startProcess } from '../harness/killable-process.ts'
import type { WorkerOrders } from './worker-orders.ts'

/** A worker in a process of its own, so that it can really be killed. Ready when it has begun to take turns, or has paused where it was told to. */
export const startWorkerProcess = (
  databaseUrl: string,
  orders: Omit<z.input<typeof WorkerOrders>, 'databaseUrl'> = {},
): Promise<ChildProcess> =>
  startProcess(new URL('worker-main.ts', import.meta.url), {
    args: [JSON.stringify({ databaseUrl, ...orders })],
  })
