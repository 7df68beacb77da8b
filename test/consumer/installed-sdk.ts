import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)

export const repository = join(import.meta.dirname, '../..')
export const built = join(repository, 'packages/sdk/dist')

/** A folder outside the repository with nothing in it but a user's project and the SDK, packed and installed. */
export interface Installed extends AsyncDisposable {
  readonly folder: string
  /** Runs this Node script in the folder; resolves with what it printed, rejects with that when it fails. */
  run(script: string, ...args: string[]): Promise<string>
  /** The same, by another Node. */
  runBy(node: string, script: string, ...args: string[]): Promise<string>
}

export async function installSdk(): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'toygres-consumer-'))
  const runBy = async (node: string, script: string, ...args: string[]) => {
    const { stdout } = await exec(node, [script, ...args], { cwd: folder }).catch(
      (error: { stdout: string; stderr: string }) => {
        throw new Error(`${script} failed:\n${error.stdout}${error.stderr}`)
      },
    )
    return stdout
  }
  await cp(join(import.meta.dirname, 'project'), folder, { recursive: true })
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
  )
  const { stdout } = await exec('npm', ['pack', '--json', '--pack-destination', folder, built])
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
  // Offline: the package must need nothing that is not in it.
  await exec('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, filename)], {
    cwd: folder,
  })
  return {
    folder,
    run: (script, ...args) => runBy(process.execPath, script, ...args),
    runBy,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
