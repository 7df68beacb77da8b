import { setTimeout as sleep } from 'node:timers/promises'
import { isConnectionLoss, seconds } from '@toygres/workflow'

/** The metadata database does not answer, or is just coming up. */
export class MetadataUnavailable extends Error {
  override readonly name = 'MetadataUnavailable'
  readonly code = 'METADATA_UNAVAILABLE'

  constructor(options?: ErrorOptions) {
    super('the metadata database does not answer just now', options)
  }
}

/** What a step reads is a row: one that hears nothing any more never refuses, and never answers. */
const patienceMs = seconds(10)

/**
 * What a step reads of the metadata database.
 * @throws {MetadataUnavailable} in place of what the driver says, so that it is told apart from an instance that is away
 */
export async function fromMetadata<Read>(read: () => Promise<Read>): Promise<Read> {
  const enough = new AbortController()
  const tooLong = sleep(patienceMs, undefined, { signal: enough.signal, ref: false }).then(() => {
    throw new MetadataUnavailable()
  })
  tooLong.catch(() => {})
  try {
    return await Promise.race([read(), tooLong])
  } catch (error) {
    throw isConnectionLoss(error) ? new MetadataUnavailable({ cause: error }) : error
  } finally {
    enough.abort()
  }
}
