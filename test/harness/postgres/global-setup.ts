import { migrate } from '@toygres/control-plane'
import { setUpPostgres } from './set-up-postgres.ts'

/** vitest's `globalSetup`: one PostgreSQL for the whole run, with a migrated template that every test database is cloned from. */
export default setUpPostgres({ prepare: migrate })
