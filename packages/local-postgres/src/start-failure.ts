import { LocalPostgresError, type LocalPostgresErrorCode, diskFull } from './errors.ts'
import { readServerFile } from './server-file.ts'
import { tailLog } from './server-log.ts'

/** Where one server's files are, and the port it was given. */
export interface ServerPlace {
  readonly dataDirectory: string
  readonly logDirectory: string
  /** Takes what the server says before it has its log. */
  readonly startupLog: string
  readonly port: number
}

const reasons: readonly (readonly [RegExp, LocalPostgresErrorCode])[] = [
  [/could not create any TCP\/IP sockets|could not bind|Address already in use/, 'PORT_TAKEN'],
  [/No space left on device/, 'DISK_FULL'],
  [/Permission denied|has wrong ownership|has invalid permissions/, 'PERMISSION_DENIED'],
  [
    /not a valid data directory|incompatible with server|checksum|checkpoint record|invalid data in|corrupt|No such file or directory|Is a directory|invalid page|could not read|missing|PANIC/,
    'DATA_DIRECTORY_CORRUPT',
  ],
]

/** Why the last start of a server came to nothing; null when it came up, or was never tried. */
export async function explainLastStart(place: ServerPlace): Promise<LocalPostgresError | null> {
  // A start that fails early never gets to its log, whose end is then of the start before.
  const early = ((await readServerFile(place.startupLog, 64 * 1024)) ?? '').split('\n')
  const said = early.some(isComplaint) ? early : await lastStartIn(place.logDirectory)
  if (said.some((line) => line.includes('database system is ready to accept connections'))) return null
  const complaint = said.find(isComplaint)
  return complaint === undefined ? null : explain(complaint, said.join('\n'), place)
}

async function lastStartIn(logDirectory: string): Promise<string[]> {
  const log = await tailLog(logDirectory, 1000)
  const began = log.findLastIndex((line) => line.includes('LOG:  starting PostgreSQL'))
  return log.slice(Math.max(0, began))
}

function isComplaint(line: string): boolean {
  return /(FATAL|PANIC): /.test(line)
}

function explain(complaint: string, said: string, { dataDirectory, port }: ServerPlace): LocalPostgresError {
  // The complaint itself decides before what surrounds it does.
  const code = codeOf(complaint) ?? codeOf(said) ?? 'START_FAILED'
  const words = complaint.replace(/^.*?(FATAL|PANIC):\s*/, '')
  switch (code) {
    case 'PORT_TAKEN':
      return portTaken(port)
    case 'DISK_FULL':
      return diskFull(dataDirectory)
    case 'DATA_DIRECTORY_CORRUPT':
      return new LocalPostgresError(
        code,
        `PostgreSQL cannot start in ${dataDirectory} (${words}): it is left as it is, restore it or delete the instance`,
      )
    default:
      return new LocalPostgresError(code, `PostgreSQL does not start in ${dataDirectory}: ${words}`)
  }
}

function codeOf(text: string): LocalPostgresErrorCode | undefined {
  return reasons.find(([pattern]) => pattern.test(text))?.[1]
}

export function portTaken(port: number): LocalPostgresError {
  return new LocalPostgresError(
    'PORT_TAKEN',
    `port ${port} of 127.0.0.1 is used by another program: stop that program, the instance keeps its port`,
  )
}
