import type { Connection } from '@toygres/sdk'
import type { CopyForm } from '../../ui/copy-forms.ts'
import { scriptQuoted, shellQuoted } from '../../ui/quoted.ts'

/** The same login in the words of those that want it. */
export function connectionForms(connection: Connection): CopyForm[] {
  const { connectionString, host, port, database, user, password } = connection
  const bracketed = host.includes(':') ? `[${host}]` : host
  return [
    { name: 'URI', text: connectionString },
    { name: 'psql', text: `psql ${shellQuoted(connectionString)}` },
    {
      name: 'env',
      text: [
        `export PGHOST=${shellQuoted(host)}`,
        `export PGPORT=${port}`,
        `export PGDATABASE=${shellQuoted(database)}`,
        `export PGUSER=${shellQuoted(user)}`,
        `export PGPASSWORD=${shellQuoted(password)}`,
      ].join('\n'),
    },
    {
      name: 'postgres.js',
      text: [
        `import postgres from 'postgres'`,
        ``,
        `const sql = postgres(${scriptQuoted(connectionString)})`,
      ].join('\n'),
    },
    {
      name: 'pg',
      text: [
        `import { Pool } from 'pg'`,
        ``,
        `const pool = new Pool({`,
        `  connectionString: ${scriptQuoted(connectionString)},`,
        `})`,
      ].join('\n'),
    },
    {
      name: 'Prisma',
      text: [
        `# .env`,
        `DATABASE_URL="${connectionString}"`,
        ``,
        `// schema.prisma`,
        `datasource db {`,
        `  provider = "postgresql"`,
        `  url      = env("DATABASE_URL")`,
        `}`,
      ].join('\n'),
    },
    {
      name: 'JDBC',
      text: `jdbc:postgresql://${bracketed}:${port}/${encodeURIComponent(database)}?user=${encodeURIComponent(user)}&password=${encodeURIComponent(password)}`,
    },
  ]
}

/** Stands in for a password until somebody asks for it. */
export const hiddenPassword = '••••••••'

/** What can be told of a login without its password. */
export function withoutPassword({ host, port }: { host: string; port: number }): Connection {
  const [user, database] = ['postgres', 'postgres']
  const bracketed = host.includes(':') ? `[${host}]` : host
  return {
    host,
    port,
    user,
    database,
    password: hiddenPassword,
    connectionString: `postgres://${user}:${hiddenPassword}@${bracketed}:${port}/${database}`,
  }
}
