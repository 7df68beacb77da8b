import { UsageError } from './user-error.ts'

/** @throws {UsageError} */
export function readWebhookSettings(env: NodeJS.ProcessEnv): { allowPrivateAddresses: boolean } {
  const given = env['TOYGRES_WEBHOOK_PRIVATE_ADDRESSES'] || 'refuse'
  if (given !== 'allow' && given !== 'refuse')
    throw new UsageError('TOYGRES_WEBHOOK_PRIVATE_ADDRESSES takes allow or refuse')
  return { allowPrivateAddresses: given === 'allow' }
}
