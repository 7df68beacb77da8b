import { scramVerifier } from '@toygres/providers'
import { withSuperuser } from '../instances/login.ts'
import type { Place } from '../instances/socket.ts'

/** Who health checks log in as: sees statistics and nothing of what users keep. */
export const monitorRole = 'toygres_monitor'

/** More than every control plane needs; a leak of ours must not take the connections of users. */
const connectionLimit = 20

/**
 * What an instance learns of the monitor's password. To guess 192 random bits is hopeless at any speed, so that iterations would
 * only cost those who know them: at 4096, two thirds of what a check costs.
 */
export const monitorVerifier = (password: string): Promise<string> =>
  scramVerifier(password, { iterations: 32 })

/**
 * Makes the monitor of an instance, or puts back what was changed about it. The instance learns a verifier of the password, so
 * that the password is in no log of its.
 */
export async function ensureMonitorRole(
  place: Place,
  passwords: { readonly superuser: string; readonly monitor: string },
  signal: AbortSignal,
): Promise<void> {
  const verifier = await monitorVerifier(passwords.monitor)
  await withSuperuser(place, passwords.superuser, signal, async (sql) => {
    await sql
      .unsafe(`
        do $$ begin
          if not exists (select from pg_roles where rolname = '${monitorRole}') then create role ${monitorRole}; end if;
        end $$;
        alter role ${monitorRole} with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls inherit
          connection limit ${connectionLimit} password '${verifier}';
        alter role ${monitorRole} set statement_timeout = '4s';
        grant pg_read_all_stats to ${monitorRole};`)
      .simple()
  })
}
