import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/tokens.css'
import './styles/base.css'
import { keepFocus } from './ui/keep-focus.ts'
import { queryClient } from './app/query-client.ts'
import { router } from './app/router.tsx'
import { Toasts } from './ui/toast.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('BUG: the page has no place for the console')

keepFocus()
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>
  </StrictMode>,
)
