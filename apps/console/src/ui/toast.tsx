import { X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { Button } from './button.tsx'
import { explain } from './explain.ts'
import './toast.css'

interface Said {
  readonly id: number
  readonly title: string
  readonly description: string | undefined
  readonly bad: boolean
}

/** Long enough to be read, and to get to its button by the keyboard. */
const shownMs = 8_000

let all: readonly Said[] = []
let last = 0
const listeners = new Set<() => void>()

function change(next: readonly Said[]): void {
  all = next
  for (const tell of listeners) tell()
}

const close = (id: number): void => change(all.filter((one) => one.id !== id))

/** Says in passing that something went well. */
export function say(title: string, description?: string): void {
  const id = ++last
  change([...all, { id, title, description, bad: false }])
  setTimeout(() => close(id), shownMs)
}

/** Says that what was asked for did not happen, and why. It stays until it is closed. */
export function sayFailed(title: string, error: unknown): void {
  change([...all, { id: ++last, title, description: explain(error), bad: true }])
}

function useSaid(): readonly Said[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => all,
  )
}

/** There before anything is said: only then is it read out. Small on purpose, since every page has it from its first moment. */
export function Toasts() {
  return (
    <section className="toasts" aria-label="Notifications" aria-live="polite" aria-relevant="additions">
      {useSaid().map(({ id, title, description, bad }) => (
        <div key={id} className={bad ? 'toast bad' : 'toast'} role={bad ? 'alert' : undefined}>
          <div>
            <p className="title">{title}</p>
            {description !== undefined && <p className="description">{description}</p>}
          </div>
          <Button look="quiet" small className="icon" aria-label="Close" onClick={() => close(id)}>
            <X aria-hidden="true" />
          </Button>
        </div>
      ))}
    </section>
  )
}
