import { setUpPostgres } from './set-up-postgres.ts'

/** vitest's `globalSetup`: one PostgreSQL for the whole run, with a template that every test database is cloned from. */
export default setUpPostgres({
  // TODO(control-plane): `prepare: migrate` from '@toygres/control-plane', as soon as it is exported.
  prepare: async () => {},
})
