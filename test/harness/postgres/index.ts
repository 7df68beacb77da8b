export { type TestDatabase, createEmptyDatabase, createTestDatabase } from './create-test-database.ts'
export { type RestartableServer, restartableServer } from './restartable-server.ts'
export { type EmbeddedServer, embeddedServer } from './embedded-server.ts'
