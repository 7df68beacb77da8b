import { CliError } from '../cli-error.ts'

/** @throws {CliError} where a file of ours holds something else */
export function objectIn(path: string, text: string, repair: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalidFile(path, 'it is not JSON', repair)
  }
  if (isObject(value)) return value
  throw invalidFile(path, 'it must be an object', repair)
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const invalidFile = (path: string, why: string, repair: string): CliError =>
  new CliError('CONFIG_INVALID', `${path} is not valid: ${why}`, { hint: repair })
