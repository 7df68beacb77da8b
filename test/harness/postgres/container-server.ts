import { careless, type TestServer } from './embedded-server.ts'

const defaultImage = 'postgres:18'

/** A PostgreSQL in a container, to run the suites against any major: `TOYGRES_TEST_POSTGRES_IMAGE` names it. */
export async function containerServer(): Promise<TestServer> {
  // Only who asks for it needs Docker.
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql')
  const image = process.env['TOYGRES_TEST_POSTGRES_IMAGE'] || defaultImage
  const settings = { max_connections: '300', ...careless }
  const container = await new PostgreSqlContainer(image)
    .withUsername('postgres')
    .withDatabase('postgres')
    .withCommand([
      'postgres',
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ])
    .start()
  return {
    url: container.getConnectionUri(),
    stop: async () => {
      await container.stop()
    },
  }
}
