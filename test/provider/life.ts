import type { Address, InstanceProvider, InstanceSpec } from '@toygres/providers'
import { vi } from 'vitest'
import { logIn } from './log-in.ts'

/** When the server that answers there began, as text. */
export async function birthOf(address: Address, { password }: InstanceSpec): Promise<unknown> {
  const [row] = await logIn(address, password, (sql) => sql`select pg_postmaster_start_time()::text as birth`)
  return row?.['birth']
}

/**
 * Until the provider no longer takes the server that was born then for alive. A cluster replaces a server within a second: on a busy
 * machine nobody may have looked in between, but then another one answers.
 */
export async function untilDead(
  provider: Pick<InstanceProvider, 'observe'>,
  spec: InstanceSpec,
  birth: unknown,
): Promise<void> {
  await vi.waitFor(
    async () => {
      const seen = await provider.observe(spec)
      if (seen.phase === 'ready' && (await birthOf(seen.address, spec)) === birth)
        throw new Error('it still lives')
    },
    { timeout: 60_000, interval: 20 },
  )
}
