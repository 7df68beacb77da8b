import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { explain } from './explain.ts'
import './toast.css'

const manager = Toast.createToastManager()

/** Says in passing that something went well. */
export function say(title: string, description?: string): void {
  manager.add({ title, ...(description !== undefined && { description }), type: 'good' })
}

/** Says that what was asked for did not happen, and why. It stays until it is closed. */
export function sayFailed(title: string, error: unknown): void {
  manager.add({ title, description: explain(error), type: 'bad', priority: 'high', timeout: 0 })
}

export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager}>
      {children}
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <Toasts />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function Toasts() {
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={`toast ${toast.type ?? ''}`}>
      <div>
        <Toast.Title className="title" />
        <Toast.Description className="description" />
      </div>
      <Toast.Close className="button quiet icon small" aria-label="Close">
        <X aria-hidden="true" />
      </Toast.Close>
    </Toast.Root>
  ))
}
