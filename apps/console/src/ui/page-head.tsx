import type { ReactNode } from 'react'
import { useTitle } from './use-title.ts'

/** What a page is called, here and in the browser's tab, and what can be done on it. */
export function PageHead({ title, about, children }: { title: string; about: string; children?: ReactNode }) {
  useTitle(title)
  return (
    <div className="page-head">
      <div>
        <h1>{title}</h1>
        <p>{about}</p>
      </div>
      {children && <div className="actions">{children}</div>}
    </div>
  )
}
