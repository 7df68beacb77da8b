import type { RepairPolicy } from '@toygres/control-plane'
import { UsageError } from './user-error.ts'

/** @throws {UsageError} */
export function readRepairSettings(env: NodeJS.ProcessEnv): Pick<RepairPolicy, 'changedSpec'> {
  const changedSpec = env['TOYGRES_CHANGED_SPEC'] || 'put-back'
  if (changedSpec !== 'put-back' && changedSpec !== 'report')
    throw new UsageError('TOYGRES_CHANGED_SPEC takes put-back or report')
  return { changedSpec }
}
