import { useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { z } from 'zod'
import { Button } from '../ui/button.tsx'
import { explain } from '../ui/explain.ts'
import { TextField } from '../ui/field.tsx'
import { Logo } from './logo.tsx'
import { sessionQuery, signIn } from './session.ts'
import './sign-in-page.css'

/** `to`: the page that was asked for. */
export const SignInSearch = z.object({ to: z.string().startsWith('/').optional().catch(undefined) })

export function SignInPage() {
  const router = useRouter()
  const queryClient = useQueryClient()
  const { to = '/' } = useSearch({ from: '/sign-in' })
  const [apiKey, setApiKey] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setError(undefined)
    try {
      queryClient.setQueryData(sessionQuery.queryKey, await signIn(apiKey.trim()))
      await router.navigate({ href: to, replace: true })
    } catch (refused) {
      setError(explain(refused))
      setBusy(false)
    }
  }

  return (
    <main className="sign-in">
      <form className="card" onSubmit={(event) => void submit(event)} noValidate>
        <Logo size={40} />
        <h1>Sign in to Toygres</h1>
        <TextField
          label="API key"
          type="password"
          name="api-key"
          autoComplete="current-password"
          placeholder="toygres_…"
          autoFocus
          required
          value={apiKey}
          onChange={(event) => setApiKey(event.target.value)}
          error={error}
          hint="Kept in no page and no storage: the browser gets a session for 12 hours instead."
          mono
        />
        <Button look="primary" type="submit" disabled={busy || apiKey.trim() === ''}>
          {busy ? 'Signing in…' : 'Sign in'}
        </Button>
        <p className="soft">
          <code>toygres up</code> says which file has your first key. <code>toygres keys create</code> makes
          more.
        </p>
      </form>
    </main>
  )
}
