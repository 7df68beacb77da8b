/** One thing that was looked at. */
export interface Check {
  readonly name: string
  /** `warn` is what works and should be looked at; `skip`, what could not be looked at. */
  readonly state: 'ok' | 'warn' | 'fail' | 'skip'
  readonly detail: string
  /** What to do. */
  readonly advice: string | null
}

export const ok = (name: string, detail: string): Check => ({ name, state: 'ok', detail, advice: null })
export const skip = (name: string, detail: string): Check => ({ name, state: 'skip', detail, advice: null })
export const warn = (name: string, detail: string, advice: string): Check => ({
  name,
  state: 'warn',
  detail,
  advice,
})
export const fail = (name: string, detail: string, advice: string): Check => ({
  name,
  state: 'fail',
  detail,
  advice,
})
