import { Argument, Option } from 'commander'

/** What the value of an argument or a flag is the name of, so that a shell can offer those that there are. */
export type Subject = 'instance' | 'operation' | 'key' | 'project' | 'webhook' | 'context'

const subjects = new WeakMap<Argument | Option, Subject>()

export function naming<Word extends Argument | Option>(word: Word, subject: Subject): Word {
  subjects.set(word, subject)
  return word
}

export const subjectOf = (word: Argument | Option): Subject | undefined => subjects.get(word)

export const instanceArgument = (): Argument =>
  naming(new Argument('<name>', 'of an instance, or its id'), 'instance')

export const operationArgument = (): Argument => naming(new Argument('<id>', 'of an operation'), 'operation')

export const keyArgument = (): Argument =>
  naming(new Argument('<id>', 'of a key: the middle part of toygres_<id>_...'), 'key')

export const webhookArgument = (): Argument => naming(new Argument('<id>', 'of a webhook'), 'webhook')

export const projectArgument = (): Argument =>
  naming(new Argument('<name>', 'of a project, or its id'), 'project')

export const instanceOption = (description: string): Option =>
  naming(new Option('--instance <name>', description), 'instance')
