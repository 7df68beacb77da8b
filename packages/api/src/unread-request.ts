// tRPC makes no context for a request that it cannot read as calls. It shows us the error before it shapes the answer, though.

const requestIds = new WeakMap<Error, string>()

/** The request could not be read: this is what is wrong with it. */
export function noteUnread(error: Error, requestId: string): void {
  requestIds.set(error, requestId)
}

/** The id of the request that could not be read for this. */
export const unreadRequestId = (error: Error): string | undefined => requestIds.get(error)
