import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { renderErrors } from './errors.ts'
import { renderProcedures } from './procedures.ts'
import { renderTypes } from './types.ts'
import { renderWorkflows } from './workflows.ts'

// Writes what the SDK knows of the API, from the API itself. With `--check` it writes nothing and fails where a file is stale.
const folder = join(import.meta.dirname, '../src/generated')
const checkOnly = process.argv.includes('--check')

const files: Record<string, string> = {
  'types.ts': renderTypes(),
  'procedures.ts': renderProcedures(),
  'errors.ts': renderErrors(),
  'workflows.ts': renderWorkflows(),
}

await mkdir(folder, { recursive: true })
for (const [name, body] of Object.entries(files)) {
  const file = join(folder, name)
  const text = `// Generated from the API by "npm run generate". Do not edit.\n\n${body}`
  const found = await readFile(file, 'utf8').catch(() => '')
  if (found === text) continue
  const shown = relative(process.cwd(), file)
  if (checkOnly) {
    console.error(`${shown} is not what the API is now: run "npm run generate" and commit it`)
    process.exitCode = 1
  } else {
    await writeFile(file, text)
    console.log(`wrote ${shown}`)
  }
}
