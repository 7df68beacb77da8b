import type { Operation, OperationEvent, OperationHandle } from '@toygres/sdk'
import { Option, type Command } from 'commander'
import { CliError } from './cli-error.ts'
import { parseDuration } from './duration.ts'
import { exitCodes } from './exit-codes.ts'
import { showProgress } from './output/show-progress.ts'

export interface WaitFlags {
  wait: boolean
  timeout: number
}

export const waitFlags = (command: Command): Command =>
  command
    .option('--no-wait', 'return as soon as the control plane has taken it on')
    .addOption(
      new Option('--timeout <duration>', 'how long to wait: 90s, 2m, 1h')
        .argParser(parseDuration)
        .default(parseDuration('2m'), '2m'),
    )

/** Waits until an operation has ended. Ctrl-C ends the waiting, never the operation. */
export async function waitFor(
  operation: OperationHandle,
  { onProgress, timeoutMs }: { onProgress: (event: OperationEvent) => void; timeoutMs?: number },
): Promise<Operation> {
  const interruption = new AbortController()
  const interrupt = () => interruption.abort(interrupted(operation.id))
  process.once('SIGINT', interrupt)
  try {
    return await operation.wait({ onProgress, signal: interruption.signal, timeoutMs })
  } finally {
    process.off('SIGINT', interrupt)
  }
}

/** The same, with a picture of its steps on the terminal. */
export async function waitInView(
  operation: OperationHandle,
  title: string,
  timeoutMs: number,
): Promise<void> {
  const progress = showProgress(title, operation)
  try {
    await waitFor(operation, { onProgress: progress.show, timeoutMs })
  } finally {
    progress.stop()
  }
}

const interrupted = (operationId: string): CliError =>
  new CliError('INTERRUPTED', `interrupted; operation ${operationId} goes on`, {
    exitCode: exitCodes.interrupted,
    hint: `follow it with "toygres ops watch ${operationId}"`,
    operationId,
  })
