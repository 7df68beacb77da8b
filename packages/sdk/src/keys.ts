import { call } from './call.ts'
import { listing, type Listing } from './listing.ts'
import type { Transport } from './transport.ts'
import type {
  ApiKey,
  CallOptions,
  CreateApiKey,
  CreatedApiKey,
  ListApiKeys,
  MutationOptions,
  RotateApiKey,
} from './types.ts'

/** Who may call the control plane, and as what. */
export interface Keys {
  /** The keys, newest first; never what they open with. */
  list(filter?: ListApiKeys, options?: CallOptions): Listing<ApiKey>
  /** @throws {NotFoundError} `API_KEY_NOT_FOUND` */
  get(id: string, options?: CallOptions): Promise<ApiKey>
  /** Makes a key. `secret` is what calls are made with, and is told this once. */
  create(input: CreateApiKey, options?: MutationOptions): Promise<CreatedApiKey>
  /**
   * Ends a key, from now on and for good; again does nothing.
   * @throws {NotFoundError} `API_KEY_NOT_FOUND`
   */
  revoke(id: string, options?: MutationOptions): Promise<ApiKey>
  /**
   * Makes a new key in the place of this one, which still opens for `overlapSeconds`: a day unless told.
   * @throws {ConflictError} `API_KEY_NOT_ACTIVE`
   */
  rotate(id: string, how?: RotateApiKey, options?: MutationOptions): Promise<CreatedApiKey>
}

export function keysOf(transport: Transport): Keys {
  return {
    list: (filter, options) =>
      listing((from) => call(transport, 'keys.list', { ...filter, ...from }, options)),
    get: (id, options) => call(transport, 'keys.get', { id }, options),
    create: (input, options) => call(transport, 'keys.create', input, options),
    revoke: (id, options) => call(transport, 'keys.revoke', { id }, options),
    rotate: (id, how, options) => call(transport, 'keys.rotate', { id, ...how }, options),
  }
}
