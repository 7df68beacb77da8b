import { InvalidArgumentError, Option } from 'commander'

export type Labels = Record<string, string>

/** May be given several times. */
export const labelOption = (description: string): Option =>
  new Option('-l, --label <name=value>', description).argParser(addLabel)

function addLabel(text: string, before: Labels = {}): Labels {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new InvalidArgumentError('Expected name=value.')
  // The last one would win, and whoever typed two may mean the first.
  if (Object.hasOwn(before, name) && before[name] !== value)
    throw new InvalidArgumentError(`${name} has two values: ${before[name]} and ${value}.`)
  return { ...before, [name]: value }
}

export const collectWords = (word: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  word,
]

export const labelText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',')
