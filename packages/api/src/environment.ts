import type { Context as Exchange } from 'hono'
import type { RequestVariables } from './request-id.ts'

/** What goes with each request on its way through the routes. */
export interface ApiEnvironment {
  Variables: RequestVariables
  Bindings: { readonly address: string | undefined }
}

/** Whom a request comes from, as far as it can be told without a word of theirs: all whose address is not known are one. */
export const addressOf = ({ env }: Exchange<ApiEnvironment>): string => env.address ?? 'unknown'
