import { appendFileSync, existsSync, readFileSync } from 'node:fs'

// Told by contender-process.ts.
const witness = process.env['BENCH_WITNESS']
const hold = process.env['BENCH_HOLD']

export const steps = { run: 0, firstAt: 0 }

/**
 * What every step of every contender does: it is counted. Where somebody will be killed or restarted it also leaves a line in
 * a file, which no database can lose, and the one step that is to be held never returns from its first execution.
 */
export async function body(operation: string, step: string): Promise<number> {
  if (steps.run++ === 0) steps.firstAt = performance.now()
  if (witness === undefined) return 1
  const held = step === hold && !seen(witness, operation, step)
  appendFileSync(witness, `${operation} ${step} ${process.pid}\n`)
  if (held) await new Promise(() => setInterval(() => {}, 60_000))
  return 1
}

const seen = (file: string, operation: string, step: string): boolean =>
  existsSync(file) && readFileSync(file, 'utf8').includes(`${operation} ${step} `)
