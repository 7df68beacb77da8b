/** Proxies cut streams that are silent. */
export const pingMs = 15_000

/** A client that hears nothing for longer connects again. */
export const deafAfterMs = 40_000

/** A stream ends after this long, and the client, which resumes it, shows its key again. */
export const maxStreamMs = 15 * 60_000
