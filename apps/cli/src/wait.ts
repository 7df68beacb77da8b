import type { Operation, OperationEvent, OperationHandle, ToygresError } from '@toygres/sdk'
import { Option, type Command } from 'commander'
import { CliError } from './cli-error.ts'
import { parseDuration } from './duration.ts'
import { exitCodes } from './exit-codes.ts'
import { showProgress } from './output/show-progress.ts'

export interface TimeoutFlags {
  timeout: number
}

export interface WaitFlags extends TimeoutFlags {
  wait: boolean
}

export const waitFlags = (command: Command): Command =>
  timeoutFlag(
    command
      .option('--wait', 'wait until it is done (as it does unless told)', true)
      .option('--no-wait', 'return as soon as the control plane has taken it on'),
  )

export const timeoutFlag = (command: Command): Command =>
  command.addOption(
    new Option('--timeout <duration>', 'how long to wait: 90s, 2m, 1h')
      .argParser(parseDuration)
      .default(parseDuration('2m'), '2m'),
  )

export interface Waiting {
  readonly onProgress: (event: OperationEvent) => void
  /** Is told when the control plane is lost sight of, and with null when it answers again. */
  readonly onAway: (why: ToygresError | null) => void
  readonly timeoutMs?: number
}

/** Waits until an operation has ended. Ctrl-C ends the waiting, never the operation. */
export async function waitFor(operation: OperationHandle, waiting: Waiting): Promise<Operation> {
  const interruption = new AbortController()
  const interrupt = () => interruption.abort(interrupted(operation.id))
  process.once('SIGINT', interrupt)
  try {
    return await operation.wait({ ...waiting, signal: interruption.signal })
  } finally {
    process.off('SIGINT', interrupt)
  }
}

/** The same, with a picture of its steps on the terminal. */
export async function waitInView(
  operation: OperationHandle,
  title: string,
  timeoutMs: number,
): Promise<Operation> {
  const progress = showProgress(title, operation)
  try {
    return await waitFor(operation, { onProgress: progress.show, onAway: progress.away, timeoutMs })
  } finally {
    progress.stop()
  }
}

const interrupted = (operationId: string): CliError =>
  new CliError('INTERRUPTED', `interrupted; operation ${operationId} goes on`, {
    exitCode: exitCodes.interrupted,
    hint: `wait for it again with "toygres ops wait ${operationId}", or stop it with "toygres ops cancel ${operationId}"`,
    operationId,
  })
