import { InvalidArgumentError, Option, type Command } from 'commander'

export interface QuotaFlags {
  maxInstances?: Limit
  maxOperations?: Limit
}

/** Boxed, since commander takes null for a flag that was not given. */
interface Limit {
  readonly most: number | null
}

export const quotaFlags = (command: Command): Command =>
  command
    .addOption(limitOption('--max-instances <number>', 'that are not deleted; "none" for no limit'))
    .addOption(limitOption('--max-operations <number>', 'under way at once; "none" for no limit'))

const limitOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser(parseMost)

export const quotaOf = ({ maxInstances, maxOperations }: QuotaFlags) => ({
  ...(maxInstances && { instances: maxInstances.most }),
  ...(maxOperations && { operations: maxOperations.most }),
})

function parseMost(text: string): Limit {
  if (text === 'none') return { most: null }
  if (/^\d{1,7}$/.test(text)) return { most: Number(text) }
  throw new InvalidArgumentError('Expected a number, or none.')
}
