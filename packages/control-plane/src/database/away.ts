import { isConnectionLoss, seconds } from '@toygres/workflow'
import { TimedOut, within } from '../within.ts'

/** The metadata database does not answer, or is just coming up. */
export class MetadataUnavailable extends Error {
  override readonly name = 'MetadataUnavailable'
  readonly code = 'METADATA_UNAVAILABLE'
}

/** What a step reads is a row: one that hears nothing any more never refuses, and never answers. */
const patienceMs = seconds(10)

/**
 * What a step reads of the metadata database.
 * @throws {MetadataUnavailable} in place of what the driver says, so that it is told apart from an instance that is away
 */
export async function fromMetadata<Read>(read: () => Promise<Read>): Promise<Read> {
  try {
    return await within(patienceMs, read())
  } catch (error) {
    if (!isConnectionLoss(error) && !(error instanceof TimedOut)) throw error
    throw new MetadataUnavailable('the metadata database does not answer just now', { cause: error })
  }
}
