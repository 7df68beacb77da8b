import { CommanderError } from 'commander'
import { exitCodes, type ExitCode } from './exit-codes.ts'
import { createProgram } from './program.ts'
import { report } from './report.ts'
import type { GlobalFlags } from './session.ts'

// `toygres list | head` has all it wants: no reason to complain.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  })

process.exitCode = await run(process.argv.slice(2))

async function run(args: readonly string[]): Promise<ExitCode> {
  const program = createProgram()
  // Not a flag of the program, since `create` has a --version of its own.
  const asked = args[0] === '--version' || args[0] === '-V' ? ['version', ...args.slice(1)] : args
  try {
    await program.parseAsync(asked, { from: 'user' })
    return exitCodes.ok
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    return report(error, program.opts<GlobalFlags>().output)
  }
}
