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
}

/** Waits until an operation has ended. Ctrl-C ends the waiting, never the operation. */
export async function waitFor(operation: OperationHandle, waiting: Waiting): Promise<Operation> {
  using interruption = interruptionOf(operation.id)
  return await operation.wait({ ...waiting, signal: interruption.signal })
}

/** The same, with a picture of its steps on the terminal. */
export async function waitInView(
  operation: OperationHandle,
  title: string,
  timeoutMs: number,
): Promise<Operation> {
  // Before the first word is seen: whoever types Ctrl-C at it is told how to go on.
  using interruption = interruptionOf(operation.id)
  const { signal } = interruption
  const progress = showProgress(title, operation)
  try {
    return await operation.wait({ onProgress: progress.show, onAway: progress.away, timeoutMs, signal })
  } finally {
    progress.stop()
  }
}

interface Interruption extends Disposable {
  readonly signal: AbortSignal
}

/** Aborted by Ctrl-C, with this error; until it is disposed of. */
export function interruptionBy(error: () => CliError): Interruption {
  const controller = new AbortController()
  const interrupt = () => controller.abort(error())
  process.once('SIGINT', interrupt)
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => void process.off('SIGINT', interrupt),
  }
}

const interruptionOf = (operationId: string): Interruption => interruptionBy(() => interrupted(operationId))

const interrupted = (operationId: string): CliError =>
  new CliError('INTERRUPTED', `interrupted; operation ${operationId} goes on`, {
    exitCode: exitCodes.interrupted,
    hint: `wait for it again with "toygres ops wait ${operationId}", or stop it with "toygres ops cancel ${operationId}"`,
    operationId,
  })
