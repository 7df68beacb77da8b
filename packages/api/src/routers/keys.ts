import {
  ApiKey,
  ApiKeyPage,
  CreateApiKey,
  CreatedApiKey,
  ListApiKeys,
  RevokeApiKey,
  RotateApiKey,
  GetApiKey,
} from '@toygres/schema'
import { procedure } from '../procedure.ts'
import { rest } from '../rest/route.ts'
import { t } from '../trpc.ts'

export const keys = t.router({
  list: procedure('keys:read')
    .meta(rest('GET /keys', 'List API keys'))
    .input(ListApiKeys)
    .output(ApiKeyPage)
    .query(({ ctx, input }) => ctx.controlPlane.keys.list(ctx.principal, input)),

  create: procedure('keys:write')
    .meta(rest('POST /keys', 'Create an API key', { status: 201 }))
    .input(CreateApiKey)
    .output(CreatedApiKey)
    .mutation(({ ctx, input }) => ctx.controlPlane.keys.create(ctx.principal, input)),

  revoke: procedure('keys:write')
    .meta(rest('DELETE /keys/{id}', 'Revoke an API key'))
    .input(RevokeApiKey)
    .output(ApiKey)
    .mutation(({ ctx, input }) => ctx.controlPlane.keys.revoke(ctx.principal, input)),

  get: procedure('keys:read')
    .meta(rest('GET /keys/{id}', 'Get an API key'))
    .input(GetApiKey)
    .output(ApiKey)
    .query(({ ctx, input }) => ctx.controlPlane.keys.get(ctx.principal, input.id)),

  rotate: procedure('keys:write')
    .meta(rest('POST /keys/{id}/rotate', 'Replace an API key by a new one', { status: 201 }))
    .input(RotateApiKey)
    .output(CreatedApiKey)
    .mutation(({ ctx, input }) => ctx.controlPlane.keys.rotate(ctx.principal, input)),
})
