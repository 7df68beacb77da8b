import { CreateWebhook, UpdateWebhook } from '@toygres/schema'
import type { CreatedWebhook, Webhook } from '@toygres/sdk'
import { useState } from 'react'
import { toygres } from '../app/toygres.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { SecretOnce } from '../ui/secret-once.tsx'
import { wrongWith } from '../ui/wrong.ts'
import { WebhookFields, type WebhookDraft } from './webhook-fields.tsx'

interface DialogProps {
  onClose: () => void
  onDone: () => void
}

export function NewWebhookDialog({ onClose, onDone }: DialogProps) {
  const [draft, setDraft] = useState<WebhookDraft>({ url: '', kinds: [] })
  const [made, setMade] = useState<CreatedWebhook>()
  const input = CreateWebhook.safeParse(draft)
  const told = made && (
    <SecretOnce title="The webhook is made" secret={made.secret} onClose={onClose}>
      What is sent is signed with this secret, in the form of Standard Webhooks.
    </SecretOnce>
  )
  return (
    <FormDialog
      title="New webhook"
      verb="Make the webhook"
      ready={input.success}
      onClose={onClose}
      onSubmit={async () => {
        if (!input.success) return
        setMade(await toygres.webhooks.create(input.data))
        onDone()
      }}
      told={told}
    >
      <WebhookFields draft={draft} onChange={setDraft} wrongUrl={wrongWith(input.error, 'url')} />
    </FormDialog>
  )
}

export function EditWebhookDialog({ webhook, onClose, onDone }: DialogProps & { webhook: Webhook }) {
  const [draft, setDraft] = useState<WebhookDraft>(webhook)
  const { url, kinds } = draft
  const input = UpdateWebhook.safeParse({ id: webhook.id, url, kinds })
  return (
    <FormDialog
      title="Change the webhook"
      verb="Save"
      ready={input.success}
      onClose={onClose}
      onSubmit={async () => {
        await toygres.webhooks.update(webhook.id, { url, kinds: [...kinds] })
        onDone()
        onClose()
      }}
    >
      <WebhookFields draft={draft} onChange={setDraft} wrongUrl={wrongWith(input.error, 'url')} />
    </FormDialog>
  )
}
