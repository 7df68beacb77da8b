import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../harness/postgres/index.ts'
import { describeSchema } from './describe-schema.ts'
import { schemaFile } from './schema-file.ts'

test('sql/schema.sql is what the migrations make', async () => {
  await using database = await createTestDatabase()
  const committed = await readFile(schemaFile, 'utf8')
  expect(await describeSchema(database.url), 'write it anew with "npm run dump-schema"').toBe(committed)
})
