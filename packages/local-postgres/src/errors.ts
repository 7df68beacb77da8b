/** What can keep a server from running here, or from ending. Stable: callers switch on it. */
export type LocalPostgresErrorCode =
  | 'BINARIES_MISSING'
  | 'DATA_DIRECTORY_CORRUPT'
  | 'DISK_FULL'
  | 'NO_FREE_PORT'
  | 'PERMISSION_DENIED'
  | 'PORT_TAKEN'
  | 'START_FAILED'
  | 'STOP_FAILED'

/** A refusal whose message is meant for the user: it says what to do and holds no secret. */
export class LocalPostgresError extends Error {
  override readonly name = 'LocalPostgresError'
  readonly code: LocalPostgresErrorCode

  constructor(code: LocalPostgresErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.code = code
  }
}

/** The `code` of a Node system error (`ENOENT`, ...); undefined for everything else. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Says a full disk or a missing right in words; any other error passes unchanged. */
export function explainSystemError(error: unknown, path: string): unknown {
  switch (errnoOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(path, error)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new LocalPostgresError(
        'PERMISSION_DENIED',
        `no right to write below ${path}: give it to this user`,
        {
          cause: error,
        },
      )
    default:
      return error
  }
}

export function diskFull(path: string, cause?: unknown): LocalPostgresError {
  return new LocalPostgresError(
    'DISK_FULL',
    `the disk under ${path} is full: free some space and try again`,
    {
      cause,
    },
  )
}
