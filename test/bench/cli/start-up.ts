/**
 * How long a word at the terminal takes: from the start of the process until it has ended, as a user runs it, by the launcher.
 * The control plane runs, and each command was run before, so that what is kept for the second start is there. Beside it, how much
 * of that the machine takes to start Node for nothing. Exits with 1 where an aim is missed.
 */
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { startControlPlane } from '../../harness/control-plane/index.ts'
import { percentile, printFigures, spread } from '../figures.ts'

const launcher = new URL('../../../toygres', import.meta.url).pathname
const runs = Number(process.argv[2] ?? 20)

await using plane = await startControlPlane()
await plane.cli('create', 'orders')

const nothing = await samplesOf([process.execPath, '-e', '0'])
const figures = [{ what: 'node -e 0', seen: spread(nothing), aim: '' }]
for (const { args, aim } of [
  { args: ['--help'], aim: 150 },
  { args: ['list'], aim: 250 },
]) {
  const samples = await samplesOf([launcher, ...args])
  const isMet = percentile(samples, 0.95) <= aim
  if (!isMet) process.exitCode = 1
  const ratio = percentile(samples, 0.5) / percentile(nothing, 0.5)
  figures.push({
    what: `toygres ${args.join(' ')}`,
    seen: `${spread(samples)}, ${ratio.toFixed(1)} times node`,
    aim: `at most ${aim} ms (p95: ${isMet ? 'met' : 'MISSED'})`,
  })
}
printFigures(figures, `node --conditions=toygres-source test/bench/cli/start-up.ts ${runs}`)

/** After one that does not count. */
async function samplesOf(command: readonly string[]): Promise<number[]> {
  await took(command)
  const samples = []
  for (let run = 0; run < runs; run++) samples.push(await took(command))
  return samples
}

async function took([program = '', ...args]: readonly string[]): Promise<number> {
  const began = performance.now()
  const child = spawn(program, args, { env: plane.env, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`)
  return performance.now() - began
}
