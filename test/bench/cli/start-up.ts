/**
 * How long a word at the terminal takes: from the start of the process until it has ended, as a user runs it, by the launcher.
 * The control plane runs, and each command was run before, so that what is kept for the second start is there.
 */
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { startControlPlane } from '../../harness/control-plane/index.ts'
import { percentile, printFigures, spread } from '../figures.ts'

const launcher = new URL('../../../toygres', import.meta.url).pathname
const runs = Number(process.argv[2] ?? 20)

await using plane = await startControlPlane()
await plane.cli('create', 'orders')

const figures = []
for (const { args, aim } of [
  { args: ['--help'], aim: 150 },
  { args: ['list'], aim: 250 },
]) {
  await took(args)
  const samples = []
  for (let run = 0; run < runs; run++) samples.push(await took(args))
  const met = percentile(samples, 0.95) <= aim
  figures.push({
    what: `toygres ${args.join(' ')}`,
    seen: spread(samples),
    aim: `at most ${aim} ms (p95: ${met ? 'met' : 'missed'})`,
  })
}
printFigures(figures, `node --conditions=toygres-source test/bench/cli/start-up.ts ${runs}`)

async function took(args: readonly string[]): Promise<number> {
  const began = performance.now()
  const child = spawn(launcher, args, { env: plane.env, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`toygres ${args.join(' ')} ended with ${code}`)
  return performance.now() - began
}
