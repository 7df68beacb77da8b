import type { Logger } from '@toygres/control-plane'

export interface Log extends Logger {
  readonly lines: { level: string; fields: object; message: string }[]
  /** Everything that was written, with the insides of errors. */
  text(): string
}

export function memoryLog(): Log {
  const lines: Log['lines'] = []
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, fields, message })
  return {
    lines,
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    text: () => JSON.stringify(lines, withInsides),
  }
}

const withInsides = (_: string, value: unknown): unknown =>
  value instanceof Error ? { message: value.message, stack: value.stack, cause: value.cause } : value
