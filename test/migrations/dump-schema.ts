import { writeFile } from 'node:fs/promises'
import { migrate } from '@toygres/control-plane'
import { embeddedServer } from '../harness/postgres/index.ts'
import { describeSchema } from './describe-schema.ts'
import { schemaFile } from './schema-file.ts'

// Writes sql/schema.sql anew: `npm run dump-schema`, after every change in sql/.
const server = await embeddedServer()
try {
  await migrate(server.url)
  await writeFile(schemaFile, await describeSchema(server.url))
} finally {
  await server.stop()
}
