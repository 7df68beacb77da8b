import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** A file is about one thing; past these lengths it no longer is. */
const longest = { source: 500, test: 800 }

const files = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'],
  { encoding: 'utf8' },
)
const tooLong = files
  .split('\n')
  .filter((file) => file !== '' && !/\/(generated|golden)\//.test(file) && existsSync(file))
  .map((file) => ({
    file,
    lines: readFileSync(file, 'utf8').split('\n').length,
    limit: /\.test\.ts$|^test\//.test(file) ? longest.test : longest.source,
  }))
  .filter(({ lines, limit }) => lines > limit)

for (const { file, lines, limit } of tooLong)
  console.log(`${file} has ${lines} lines: more than ${limit}, so it is about more than one thing`)

/** The engine's rooms, in lines of code: a rule that does not fit is one too many, or sits beside another that says the same. */
const engine = { directory: 'packages/workflow/src/engine/', mostLines: 1500 }
const isCode = (line: string): boolean => /^\s*(?!\/\/|\/?\*)\S/.test(line)
const engineLines = files
  .split('\n')
  .filter((file) => file.startsWith(engine.directory) && !file.endsWith('.test.ts') && existsSync(file))
  .flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(isCode)).length
if (engineLines > engine.mostLines)
  console.log(`${engine.directory} has ${engineLines} lines of code: more than ${engine.mostLines}`)

process.exit(tooLong.length === 0 && engineLines <= engine.mostLines ? 0 : 1)
