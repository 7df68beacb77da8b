import { execFile, spawn } from 'node:child_process'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const original = new URL('../../', import.meta.url).pathname
const execute = promisify(execFile)

export interface Tree extends AsyncDisposable {
  readonly path: string
  /** Runs the launcher of the copy, or what is given in its place, with this in its environment. */
  run(args: readonly string[], options?: RunOptions): Promise<Finished>
}

export interface RunOptions {
  readonly launcher?: string
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A copy of the whole tree as it is, installed and built, so that tests may edit it. */
export async function copyTree(): Promise<Tree> {
  // Once it is built, no suite that runs beside us builds it under our hands.
  await execute(join(original, 'toygres'), ['version'])
  const path = await mkdtemp(join(tmpdir(), 'toygres-tree-'))
  for (const name of await readdir(original)) {
    if (name === '.git' || name === 'node_modules') continue
    await cp(join(original, name), join(path, name), {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
    })
  }
  // Nothing in there is written to; where the file systems differ it must be copied.
  const packages = ['-a', join(original, 'node_modules'), path]
  await execute('cp', ['--link', ...packages]).catch(() => execute('cp', packages))
  return {
    path,
    run: (args, { launcher = join(path, 'toygres'), cwd = path, env = {} } = {}) =>
      finish(spawn(launcher, args, { cwd, env: { ...process.env, NO_COLOR: '1', ...env } })),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

function finish(child: ReturnType<typeof spawn>): Promise<Finished> {
  let [stdout, stderr] = ['', '']
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}
