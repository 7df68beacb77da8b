export { type TestDatabase, createEmptyDatabase, createTestDatabase } from './create-test-database.ts'
export { type EmbeddedServer, embeddedServer } from './embedded-server.ts'
