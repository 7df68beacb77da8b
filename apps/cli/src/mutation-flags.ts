import { Option, type Command } from 'commander'
import { answerDue, type DueFlags } from './answer-due.ts'
import { usageError } from './cli-error.ts'

/** What a command takes that changes something. */
export interface MutationFlags {
  idempotencyKey?: string
}

export const mutationFlags = (command: Command): Command =>
  command.option(
    '--idempotency-key <key>',
    'makes it safe to run again: the same key and the same flags do it once, for 24 hours',
  )

/** What a call takes that changes something. */
export interface ChangeOptions extends MutationFlags {
  signal: AbortSignal
}

/** For a call that is made now: from here on its answer is waited for. */
export const mutationOptions = (flags: MutationFlags & DueFlags): ChangeOptions => ({
  ...keyOption(flags),
  signal: answerDue(flags),
})

export const keyOption = ({ idempotencyKey }: MutationFlags): MutationFlags =>
  idempotencyKey === undefined ? {} : { idempotencyKey }

/** Characters that an idempotency key may have. */
const longestKey = 128

/**
 * Of a part of what a command asks for, which the API takes for a change of its own.
 * @throws {CliError} of usage, where it would be longer than a key may be
 */
export function optionsOfPart({ idempotencyKey: key }: MutationFlags, part: string | number): MutationFlags {
  if (key === undefined) return {}
  const idempotencyKey = `${key}:${part}`
  if (idempotencyKey.length > longestKey)
    throw usageError(
      `an --idempotency-key for several may have ${longestKey - `:${part}`.length} characters at most`,
      'take a shorter one',
    )
  return { idempotencyKey }
}

/** What a command takes that can say what it would do. */
export const dryRunFlag = (): Option =>
  new Option('--dry-run', 'check everything and show the plan; change nothing')

/** What a command takes that changes something only as long as it is as it was. */
export const ifMatchFlag = (what: 'instance' | 'project' | 'webhook' = 'instance'): Option =>
  new Option('--if-match <etag>', `only while the ${what} still has this etag (of -o json)`)

export interface ConditionFlags extends MutationFlags {
  dryRun?: boolean
  ifMatch?: string
}

export const conditionOf = ({ ifMatch }: ConditionFlags): { etag?: string } =>
  ifMatch === undefined ? {} : { etag: ifMatch }
