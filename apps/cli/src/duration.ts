import { InvalidArgumentError } from 'commander'
import { serverNow } from './server-clock.ts'

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const
const pattern = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/
/** Node's timers cannot count further. */
const longestMs = 24 * units.h

/** Milliseconds of `500ms`, `90s`, `2m`, `1h` or plain seconds; more than zero, at most a day. */
export function parseDuration(text: string): number {
  const [, amount, unit = 's'] = pattern.exec(text) ?? []
  const ms = amount === undefined ? 0 : Number(amount) * units[unit as keyof typeof units]
  if (ms > 0 && ms <= longestMs) return ms
  throw new InvalidArgumentError('Expected a duration like 90s, 2m or 1h, at most 24h.')
}

/** Milliseconds of an age like `90m`, `6h` or `30d`; null for what is none. */
export function parseAge(text: string): number | null {
  const [, amount, unit] = /^(\d+)([smhd])$/.exec(text) ?? []
  if (amount === undefined) return null
  return Number(amount) * (unit === 'd' ? 24 * units.h : units[unit as keyof typeof units])
}

/** Milliseconds of `0s`, `12h` or `7d`. */
export function parseLasting(text: string): number {
  const ms = parseAge(text)
  if (ms !== null) return ms
  throw new InvalidArgumentError('Expected how long, like 0s, 12h or 7d.')
}

/** `12 ms`, `1.2 s`, `3 m 05 s`, `2 h 10 m`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60]
  return h > 0 ? `${h} h ${pad(m)} m` : `${m} m ${pad(s)} s`
}

/** How long ago by the control plane's clock, in one unit: `5s`, `3m`, `2h`, `4d`. */
export function formatAge(since: Date, now = new Date(serverNow())): string {
  const seconds = Math.max(0, Math.floor((now.getTime() - since.getTime()) / 1_000))
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`
  if (seconds < 48 * 3_600) return `${Math.floor(seconds / 3_600)}h`
  return `${Math.floor(seconds / 86_400)}d`
}

const pad = (n: number): string => String(n).padStart(2, '0')
