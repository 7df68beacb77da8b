import { exitCodes, type ExitCode } from './exit-codes.ts'

export interface CliErrorOptions {
  exitCode?: ExitCode
  /** What to type or do next. */
  hint?: string
  operationId?: string
}

/** A refusal of the CLI itself: the message is printed as it is, in one line, and holds no secret. */
export class CliError extends Error {
  override readonly name = 'CliError'
  /** Stable, as the codes of the API are. */
  readonly code: string
  readonly exitCode: ExitCode
  readonly hint: string | undefined
  readonly operationId: string | undefined

  constructor(code: string, message: string, options: CliErrorOptions = {}) {
    super(message)
    this.code = code
    this.exitCode = options.exitCode ?? exitCodes.error
    this.hint = options.hint
    this.operationId = options.operationId
  }
}

export const usageError = (message: string, hint: string): CliError =>
  new CliError('USAGE', message, { exitCode: exitCodes.usage, hint })
