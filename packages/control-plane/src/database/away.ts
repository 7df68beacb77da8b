import { isConnectionLoss, isTransient } from '@toygres/workflow'

/** The metadata database does not answer, or is just coming up. */
export class MetadataUnavailable extends Error {
  override readonly name = 'MetadataUnavailable'
  readonly code = 'METADATA_UNAVAILABLE'
}

/**
 * What a step reads of the metadata database.
 * @throws {MetadataUnavailable} in place of what the driver says, so that it is told apart from an instance that is away
 */
export async function fromMetadata<Read>(read: () => Promise<Read>): Promise<Read> {
  try {
    return await read()
  } catch (error) {
    if (!isConnectionLoss(error) && !isTransient(error)) throw error
    throw new MetadataUnavailable('the metadata database does not answer just now', { cause: error })
  }
}
