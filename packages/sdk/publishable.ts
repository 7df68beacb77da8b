import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Makes `dist` the package that is published: this folder's `package.json` speaks of sources and workspaces, which
 * the users of the package do not have.
 */
export async function publishable(folder: string): Promise<void> {
  const dist = join(folder, 'dist')
  const { name, version, description, license, type, sideEffects, engines } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  ) as Record<string, unknown>
  const exports = { '.': { types: './index.d.ts', default: './index.js' } }
  const manifest = { name, version, description, license, type, sideEffects, engines, exports }
  await writeFile(join(dist, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  await copyFile(join(folder, 'README.md'), join(dist, 'README.md'))
}
