import { useState } from 'react'
import { focusPath, nearestOn } from './keep-focus.ts'

/** Where the focus goes when a dialog closes: back to where it came from, or near that where the dialog took it away. */
export function useFinalFocus(): () => HTMLElement | null {
  const [before] = useState(focusPath)
  return () => nearestOn(before)
}
