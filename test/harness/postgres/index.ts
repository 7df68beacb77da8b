export { type TestDatabase, createEmptyDatabase, createTestDatabase } from './create-test-database.ts'
export { type TestServer, embeddedServer } from './embedded-server.ts'
