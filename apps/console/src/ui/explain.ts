import { ToygresError } from '@toygres/sdk'

/** What went wrong as a sentence, with what finds it in the control plane's log. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof ToygresError && error.code === 'PROJECT_NOT_FOUND')
    return 'There is no such project, or your key may not act in it: choose another one.'
  const text = sentence(error.message)
  const isFault = error instanceof ToygresError && error.code === 'INTERNAL' && error.requestId !== undefined
  return isFault ? `${text} (request ${error.requestId})` : text
}

export function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1)
  return /[.!?)]$/.test(capital) ? capital : `${capital}.`
}
