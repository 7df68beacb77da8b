/** What a script learns from the CLI; documented in `toygres --help`. */
export const exitCodes = {
  ok: 0,
  error: 1,
  usage: 2,
  notFound: 3,
  conflict: 4,
  operationFailed: 5,
  timeout: 6,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export const exitCodesHelp = `Exit codes:
  0  ok
  1  error
  2  usage: a flag, a name or another input breaks a rule
  3  there is no such instance or operation
  4  conflict: the name is taken, or another operation is in the way
  5  the operation failed or was cancelled
  6  the operation did not end within --timeout; it goes on
  130  interrupted; an operation that was waited for goes on
Of several that were named: 0 where all succeeded, the code of those that did not where it is
one and the same, else 1.`
