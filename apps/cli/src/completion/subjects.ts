import { Argument, InvalidArgumentError, Option } from 'commander'

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

export const operationArgument = (): Argument =>
  naming(new Argument('<id>', 'of an operation').argParser(idShownBy('toygres ops list')), 'operation')

export const keyArgument = (): Argument =>
  naming(new Argument('<id>', 'of a key: the middle part of toygres_<id>_...'), 'key')

export const webhookArgument = (): Argument =>
  naming(new Argument('<id>', 'of a webhook').argParser(idShownBy('toygres webhooks list')), 'webhook')

export const projectArgument = (): Argument =>
  naming(new Argument('<name>', 'of a project, or its id'), 'project')

export const instanceOption = (description: string): Option =>
  naming(new Option('--instance <name>', description), 'instance')

/** Refuses what can be none, such as the name of an instance, with where to find one. */
const idShownBy =
  (command: string) =>
  (text: string): string => {
    if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text
    throw new InvalidArgumentError(`Expected an id, as "${command}" shows it.`)
  }
