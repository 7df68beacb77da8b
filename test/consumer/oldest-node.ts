import { execFile } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)

/** The oldest Node that the SDK is for, where this machine has one; null where it has none. */
export async function oldestNode(): Promise<string | null> {
  const places = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node'))
  for (const node of [process.env['TOYGRES_TEST_NODE_20'], ...places, '/usr/bin/node']) {
    if (node === undefined) continue
    const version = await exec(node, ['--version']).then(
      ({ stdout }) => stdout,
      () => '',
    )
    if (version.startsWith('v20.')) return node
  }
  return null
}
