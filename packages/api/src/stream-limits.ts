export interface StreamTimes {
  /** Proxies cut streams that are silent; and as often, whoever reads a stream is asked again whether they may. */
  readonly pingMs: number
  /** A stream ends after this long, and the client, which resumes it, shows its key again. */
  readonly longestMs: number
}

export const defaultStreamTimes: StreamTimes = { pingMs: 15_000, longestMs: 15 * 60_000 }

/** A client that hears nothing for longer connects again. */
export const deafAfterMs = 40_000
