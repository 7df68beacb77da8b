import {
  CreateWebhook,
  CreatedWebhook,
  DeleteWebhook,
  GetWebhook,
  ListWebhookDeliveries,
  ListWebhooks,
  RedeliverWebhook,
  UpdateWebhook,
  Webhook,
  WebhookDelivery,
  WebhookDeliveryPage,
  WebhookPage,
} from '@toygres/schema'
import { procedure } from '../procedure.ts'
import { rest } from '../rest/route.ts'
import { t } from '../trpc.ts'

export const webhooks = t.router({
  list: procedure('webhooks:read')
    .meta(rest('GET /webhooks', 'List webhooks'))
    .input(ListWebhooks)
    .output(WebhookPage)
    .query(({ ctx, input }) => ctx.controlPlane.webhooks.list(ctx.principal, input)),

  get: procedure('webhooks:read')
    .meta(rest('GET /webhooks/{id}', 'Get a webhook'))
    .input(GetWebhook)
    .output(Webhook)
    .query(({ ctx, input }) => ctx.controlPlane.webhooks.get(ctx.principal, input.id)),

  create: procedure('webhooks:write')
    .meta(rest('POST /webhooks', 'Create a webhook', { status: 201 }))
    .input(CreateWebhook)
    .output(CreatedWebhook)
    .mutation(({ ctx, input }) => ctx.controlPlane.webhooks.create(ctx.principal, input)),

  update: procedure('webhooks:write')
    .meta(rest('PATCH /webhooks/{id}', 'Change a webhook'))
    .input(UpdateWebhook)
    .output(Webhook)
    .mutation(({ ctx, input }) => ctx.controlPlane.webhooks.update(ctx.principal, input)),

  delete: procedure('webhooks:write')
    .meta(rest('DELETE /webhooks/{id}', 'Delete a webhook'))
    .input(DeleteWebhook)
    .output(Webhook)
    .mutation(({ ctx, input }) => ctx.controlPlane.webhooks.delete(ctx.principal, input)),

  deliveries: procedure('webhooks:read')
    .meta(rest('GET /webhooks/{id}/deliveries', 'List what a webhook was sent'))
    .input(ListWebhookDeliveries)
    .output(WebhookDeliveryPage)
    .query(({ ctx, input }) => ctx.controlPlane.webhooks.deliveries(ctx.principal, input)),

  redeliver: procedure('webhooks:write')
    .meta(rest('POST /webhooks/{id}/deliveries/{deliveryId}/redeliver', 'Send an event again'))
    .input(RedeliverWebhook)
    .output(WebhookDelivery)
    .mutation(({ ctx, input }) => ctx.controlPlane.webhooks.redeliver(ctx.principal, input)),
})
