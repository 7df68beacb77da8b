import { explain } from './explain.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Format } from './output/print.ts'
import { oneLine, paint } from './output/text.ts'

/** Says on stderr what went wrong, and returns the exit code. With `-o json` the last line of stderr is an object. */
export function report(error: unknown, format: Format): ExitCode {
  const { exitCode, ...explanation } = explain(error)
  if (format === 'json') {
    process.stderr.write(`${JSON.stringify({ error: { ...explanation, exitCode } })}\n`)
    return exitCode
  }
  const { code, message, hint, requestId } = explanation
  const lines = [`${paint('red', 'toygres:', process.stderr)} ${oneLine(message)}`]
  if (hint !== undefined) lines.push(`  ${hint}`)
  // It leads to the log's line about a fault of ours; what the caller can mend needs none.
  if (requestId !== undefined && code === 'INTERNAL')
    lines.push(paint('dim', `  request ${requestId}`, process.stderr))
  process.stderr.write(`${lines.join('\n')}\n`)
  return exitCode
}
