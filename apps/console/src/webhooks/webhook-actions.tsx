import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Webhook } from '@toygres/sdk'
import { Pencil, Power, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { usePageActions } from '../app/page-actions.ts'
import { toygres } from '../app/toygres.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { say, sayFailed } from '../ui/toast.tsx'
import { webhookQuery, webhooksQuery } from './queries.ts'
import { EditWebhookDialog } from './webhook-dialogs.tsx'

export function WebhookActions({ webhook }: { webhook: Webhook }) {
  const { id, url, disabledAt } = webhook
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  const [asking, setAsking] = useState<'change' | 'delete'>()
  const isEnabled = disabledAt === null
  const changed = () =>
    Promise.all(
      [webhookQuery(id), webhooksQuery].map(({ queryKey }) => queryClient.invalidateQueries({ queryKey })),
    )
  const toggle = useMutation({
    mutationFn: () => toygres.webhooks.update(id, { enabled: !isEnabled }),
    onSuccess: () => {
      say(isEnabled ? 'It is told nothing any more' : 'It is told again what happens')
      return changed()
    },
    onError: (error) => sayFailed('The webhook is not changed', error),
  })

  async function remove() {
    try {
      await toygres.webhooks.delete(id)
      say('The webhook is deleted')
      await queryClient.invalidateQueries({ queryKey: webhooksQuery.queryKey })
      await navigate({ to: '/webhooks' })
    } catch (error) {
      sayFailed('The webhook is not deleted', error)
    }
  }

  usePageActions([
    {
      label: isEnabled ? 'Disable this webhook' : 'Enable this webhook',
      icon: <Power />,
      run: () => toggle.mutate(),
    },
    { label: 'Change this webhook', icon: <Pencil />, run: () => setAsking('change') },
    { label: 'Delete this webhook', icon: <Trash2 />, run: () => setAsking('delete') },
  ])
  return (
    <div className="actions">
      <Button disabled={toggle.isPending} onClick={() => toggle.mutate()}>
        <Power aria-hidden="true" />
        {isEnabled ? 'Disable' : 'Enable'}
      </Button>
      <Button onClick={() => setAsking('change')}>
        <Pencil aria-hidden="true" />
        Change
      </Button>
      <Button look="danger" onClick={() => setAsking('delete')}>
        <Trash2 aria-hidden="true" />
        Delete
      </Button>
      {asking === 'change' && (
        <EditWebhookDialog
          webhook={webhook}
          onClose={() => setAsking(undefined)}
          onDone={() => void changed()}
        />
      )}
      {asking === 'delete' && (
        <ConfirmDialog
          onClose={() => setAsking(undefined)}
          title="Delete this webhook?"
          verb="Delete"
          onConfirm={remove}
        >
          {url} is told nothing any more, not even what it has missed.
        </ConfirmDialog>
      )}
    </div>
  )
}
