import { call } from './call.ts'
import type { Transport } from './transport.ts'
import type { ApiKey, CallOptions, CreateApiKey, CreatedApiKey, ListApiKeys, Page } from './types.ts'

/** Who may call the control plane, and as what. */
export interface Keys {
  /** The keys, newest first, a page at a time; never what they open with. */
  list(filter?: ListApiKeys, options?: CallOptions): Promise<Page<ApiKey>>
  /**
   * Makes a key. `secret` is what calls are made with, and is told this once. Not repeated by itself after a network
   * failure, since each call makes another key: where no answer came, look at `list` and revoke what is there.
   */
  create(input: CreateApiKey, options?: CallOptions): Promise<CreatedApiKey>
  /**
   * Ends a key, from now on and for good; again does nothing.
   * @throws {NotFoundError} `API_KEY_NOT_FOUND`
   */
  revoke(id: string, options?: CallOptions): Promise<ApiKey>
}

export function keysOf(transport: Transport): Keys {
  return {
    list: (filter = {}, { signal } = {}) =>
      call(transport, (rpc, options) => rpc.keys.list.query(filter, options), { signal }),
    create: (input, { signal } = {}) =>
      call(transport, (rpc, options) => rpc.keys.create.mutate(input, options), { signal, once: true }),
    revoke: (id, { signal } = {}) =>
      call(transport, (rpc, options) => rpc.keys.revoke.mutate({ id }, options), { signal }),
  }
}
