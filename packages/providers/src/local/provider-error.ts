import { LocalPostgresError, type LocalPostgresErrorCode, explainSystemError } from '@toygres/local-postgres'
import { ProviderError } from '../provider.ts'

/** Whether trying again is in vain until a person acts. A full disk and a taken port may heal by themselves. */
const permanence: Record<LocalPostgresErrorCode, boolean> = {
  BINARIES_MISSING: true,
  DATA_DIRECTORY_CORRUPT: true,
  PERMISSION_DENIED: true,
  DISK_FULL: false,
  NO_FREE_PORT: false,
  PORT_TAKEN: false,
  START_FAILED: false,
  STOP_FAILED: false,
}

/** The same refusal in the words of the provider port; an error that is no refusal passes unchanged. */
export function asProviderError(error: unknown, home: string): unknown {
  const explained = explainSystemError(error, home)
  if (!(explained instanceof LocalPostgresError)) return explained
  const { code, message } = explained
  return new ProviderError(code, message, { permanent: permanence[code], cause: explained })
}
