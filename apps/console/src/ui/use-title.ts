import { useEffect } from 'react'

/** What the browser's tab is called, and what a screen reader says when a page comes up. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Toygres`
  }, [title])
}
