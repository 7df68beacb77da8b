import type { Operation } from '@toygres/sdk'

/** It goes on from the step that it stopped at. */
export function mayRetry({ state }: Operation): boolean {
  return state === 'failed' || state === 'parked'
}

/** A deletion is not taken back: what is gone is gone. */
export function mayCancel({ done, state, workflow }: Operation): boolean {
  return !done && state !== 'cancelling' && workflow !== 'delete-instance'
}
