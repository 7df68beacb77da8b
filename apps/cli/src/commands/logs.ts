import type { LogLine } from '@toygres/sdk'
import { Command, InvalidArgumentError, Option } from 'commander'
import { instanceArgument } from '../completion/subjects.ts'
import { renderInStream, write } from '../output/print.ts'
import { openSession } from '../session.ts'

interface LogsFlags {
  follow?: boolean
  tail: number
}

export const logsCommand = (): Command =>
  new Command('logs')
    .description("print an instance's log, as its PostgreSQL wrote it; oldest first")
    .addArgument(instanceArgument())
    .option('-f, --follow', 'go on with each new line, until Ctrl-C')
    .addOption(
      new Option('-n, --tail <lines>', 'how many of the last lines to begin with')
        .argParser(parseTail)
        .default(100),
    )
    .addHelpText('after', '\nWith -o json each line is an object of its own.')
    .action(logs)

async function logs(name: string, { follow = false, tail }: LogsFlags, command: Command): Promise<void> {
  const { toygres, format } = await openSession(command)
  for await (const line of toygres.instances.logs(name, { tailLines: tail, follow }))
    write(await renderInStream(format, line, { view: () => printable(line) }))
}

/** As it was written, but for what would command the terminal. */
const printable = ({ text }: LogLine): string =>
  `${text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (character) => (character === '\t' ? character : '?'))}\n`

function parseTail(text: string): number {
  const lines = /^\d{1,5}$/.test(text) ? Number(text) : Infinity
  if (lines <= 10_000) return lines
  throw new InvalidArgumentError('Expected a number from 0 to 10000.')
}
