import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Execution {
  readonly operation: string
  readonly step: string
  readonly pid: number
}

/** The file that every execution of a step leaves a line in (step-body.ts). */
export class Witness implements AsyncDisposable {
  readonly file: string
  readonly #directory: string

  private constructor(directory: string) {
    this.#directory = directory
    this.file = join(directory, 'executions')
  }

  static async create(): Promise<Witness> {
    return new Witness(await mkdtemp(join(tmpdir(), 'toygres-bench-')))
  }

  executions(): Execution[] {
    if (!existsSync(this.file)) return []
    const lines = readFileSync(this.file, 'utf8').trimEnd().split('\n')
    return lines.map((line) => {
      const [operation = '', step = '', pid = ''] = line.split(' ')
      return { operation, step, pid: Number(pid) }
    })
  }

  /** The nth execution of a step, once there is one; null when there is none after `mostMs` milliseconds. */
  async nth(operation: string, step: string, n: number, mostMs: number): Promise<Execution | null> {
    const enough = performance.now() + mostMs
    for (;;) {
      const found = this.executions().filter((e) => e.operation === operation && e.step === step)[n - 1]
      if (found !== undefined || performance.now() > enough) return found ?? null
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true })
  }
}
