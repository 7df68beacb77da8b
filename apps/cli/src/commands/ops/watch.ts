import type { OperationEvent } from '@toygres/sdk'
import { Command } from 'commander'
import { operationArgument } from '../../completion/subjects.ts'
import { formatDuration } from '../../duration.ts'
import { awayLine } from '../../output/plain-progress.ts'
import { renderInStream, say, write } from '../../output/print.ts'
import { oneLine } from '../../output/text.ts'
import { openSession } from '../../session.ts'
import { waitFor } from '../../wait.ts'

export const opsWatchCommand = (): Command =>
  new Command('watch')
    .description('print the events of an operation, from its first, until it has ended')
    .addArgument(operationArgument())
    .addHelpText('after', '\nWith -o json each event is a line of its own.')
    .action(watch)

async function watch(id: string, _: object, command: Command): Promise<void> {
  const { toygres, format } = await openSession(command)
  const operation = await toygres.operations.get(id)
  let written = Promise.resolve()
  const onProgress = (event: OperationEvent) => {
    // One after the other, though the first may have to wait for the module that writes YAML.
    written = written.then(async () =>
      write(
        await renderInStream(format, event, { view: () => lineOf(event), name: () => event.operationId }),
      ),
    )
  }
  const onAway = (why: Error | null) => say(why === null ? 'the control plane is back' : awayLine(why))
  try {
    await waitFor(operation, { onProgress, onAway })
  } finally {
    await written
  }
}

const lineOf = ({ at, step, state, message, durationMs }: OperationEvent): string =>
  [
    at.toISOString(),
    (step ?? 'operation').padEnd(14),
    // A control plane of before says nothing of it.
    durationMs == null ? state : `${state} (${formatDuration(durationMs)})`,
    message === null ? '' : oneLine(message),
  ]
    .join('  ')
    .trimEnd()
