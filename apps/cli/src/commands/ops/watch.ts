import type { OperationEvent } from '@toygres/sdk'
import { Command } from 'commander'
import type { Format } from '../../output/print.ts'
import { oneLine } from '../../output/text.ts'
import { openSession } from '../../session.ts'
import { waitFor } from '../../wait.ts'

export const opsWatchCommand = (): Command =>
  new Command('watch')
    .description('print the events of an operation, from its first, until it has ended')
    .argument('<id>')
    .addHelpText('after', '\nWith -o json each event is a line of its own.')
    .action(watch)

async function watch(id: string, _: object, command: Command): Promise<void> {
  const { toygres, format } = await openSession(command)
  const write = await writerOf(format)
  const operation = await toygres.operations.get(id)
  await waitFor(operation, { onProgress: (event) => process.stdout.write(write(event)) })
}

async function writerOf(format: Format): Promise<(event: OperationEvent) => string> {
  switch (format) {
    case 'table':
      return (event) => `${lineOf(event)}\n`
    case 'json':
      return (event) => `${JSON.stringify(event)}\n`
    case 'yaml': {
      const { stringify } = await import('yaml')
      return (event) => `---\n${stringify(JSON.parse(JSON.stringify(event)))}`
    }
  }
}

const lineOf = ({ at, step, state, message }: OperationEvent): string =>
  [at.toISOString(), (step ?? 'operation').padEnd(14), state, message === null ? '' : oneLine(message)]
    .join('  ')
    .trimEnd()
