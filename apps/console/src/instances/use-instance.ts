import type { Instance } from '@toygres/sdk'
import { createContext, use } from 'react'

export const InstanceContext = createContext<Instance | null>(null)

/** The instance that the page is about, as it is now. */
export function useInstance(): Instance {
  const instance = use(InstanceContext)
  if (instance === null) throw new Error('BUG: this is about no instance')
  return instance
}
