import type { Command } from 'commander'

/** What a command takes that changes something. */
export interface MutationFlags {
  idempotencyKey?: string
}

export const mutationFlags = (command: Command): Command =>
  command.option(
    '--idempotency-key <key>',
    'makes it safe to run again: the same key and the same flags do it once, for 24 hours',
  )

export const mutationOptions = ({ idempotencyKey }: MutationFlags): { idempotencyKey?: string } =>
  idempotencyKey === undefined ? {} : { idempotencyKey }
