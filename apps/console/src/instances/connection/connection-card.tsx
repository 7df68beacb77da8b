import { useMutation } from '@tanstack/react-query'
import { Eye, EyeOff, Plug } from 'lucide-react'
import { useState } from 'react'
import { usePageActions } from '../../app/page-actions.ts'
import { may } from '../../app/session.ts'
import { toygres } from '../../app/toygres.ts'
import { useSession } from '../../app/use-session.ts'
import { Button } from '../../ui/button.tsx'
import { Choices } from '../../ui/choices.tsx'
import { Snippet } from '../../ui/copy-as.tsx'
import { Empty } from '../../ui/states.tsx'
import { sayFailed } from '../../ui/toast.tsx'
import { useInstance } from '../use-instance.ts'
import { connectionForms, withoutPassword } from './connection-forms.ts'

/** How to log in, in the form that is wanted. The password is fetched when somebody asks for it, and that is recorded. */
export function ConnectionCard() {
  const { id, state, host, port } = useInstance()
  const mayConnect = may(useSession(), 'instances:connect')
  const [name, setName] = useState('URI')
  const reveal = useMutation({
    mutationFn: () => toygres.instances.connection(id),
    onError: (error) => sayFailed('The password is not shown', error),
    // Nowhere but here, and gone with this card.
    gcTime: 0,
  })
  const isThere = state === 'running' && host !== null && port !== null
  usePageActions(
    isThere && mayConnect
      ? [
          reveal.data
            ? { label: 'Hide the password', icon: <EyeOff />, run: () => reveal.reset() }
            : { label: 'Reveal the password', icon: <Eye />, run: () => reveal.mutate() },
        ]
      : [],
  )
  if (!isThere)
    return (
      <section className="card" aria-label="Connect">
        <Empty title="Nothing to connect to" icon={<Plug aria-hidden="true" />}>
          <p>{state === 'creating' ? 'It is being made.' : `It is ${state}.`}</p>
          {state === 'stopped' && <p>Start it to connect to it.</p>}
        </Empty>
      </section>
    )
  const forms = connectionForms(reveal.data ?? withoutPassword({ host, port }))
  const form = forms.find((one) => one.name === name) ?? forms[0]
  return (
    <section className="card" aria-labelledby="connect">
      <div className="card-head">
        <h2 id="connect">Connect</h2>
        {mayConnect &&
          (reveal.data ? (
            <Button small onClick={() => reveal.reset()}>
              <EyeOff aria-hidden="true" />
              Hide password
            </Button>
          ) : (
            <Button small disabled={reveal.isPending} onClick={() => reveal.mutate()}>
              <Eye aria-hidden="true" />
              Reveal password
            </Button>
          ))}
      </div>
      <div className="card-body connection">
        <Choices
          label="Form"
          of={forms.map(({ name: value }) => ({ value, label: value }))}
          chosen={form?.name}
          onChoose={setName}
        />
        <Snippet text={form?.text ?? ''} />
        <p className="hint">
          {mayConnect
            ? 'The control plane records who reveals the password, and when.'
            : 'Your role may not see the password.'}
        </p>
      </div>
    </section>
  )
}
