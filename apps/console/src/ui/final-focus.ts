import { useState } from 'react'

/**
 * Where the focus goes when a dialog closes: back to where it came from. What a dialog has done may have taken that
 * away: then to the page, so that the next tab stop is there and not in the address bar.
 */
export function useFinalFocus(): () => HTMLElement | null {
  const [before] = useState(() => document.activeElement)
  return () =>
    before instanceof HTMLElement && before !== document.body && before.isConnected
      ? before
      : document.getElementById('content')
}
