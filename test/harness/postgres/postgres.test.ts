import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access } from 'node:fs/promises'
import postgres from 'postgres'
import { expect, test } from 'vitest'
import { createTestDatabase } from './index.ts'

test('two test databases do not see each other', async () => {
  await using one = await createTestDatabase()
  await using other = await createTestDatabase()
  const [first, second] = [postgres(one.url, { max: 1 }), postgres(other.url, { max: 1 })]
  try {
    await first`create table only_here (id int)`
    const seen = await second`select from pg_class where relname = 'only_here'`
    expect(seen).toHaveLength(0)
  } finally {
    await Promise.all([first.end(), second.end()])
  }
})

test('a dropped test database is gone, even with somebody connected', async () => {
  const database = await createTestDatabase()
  const sql = postgres(database.url, { max: 1, onnotice: () => {} })
  await sql`select 1`
  await database.drop()
  await expect(sql`select 1`).rejects.toThrow()
  await sql.end({ timeout: 1 })
})

test('a run that is killed leaves no server and no files behind', async () => {
  const server = new URL('embedded-server.ts', import.meta.url).href
  const script = `
    const { embeddedServer } = await import('${server}')
    const { url } = await embeddedServer()
    console.log(JSON.stringify({ url }))
    setInterval(() => {}, 1000)`
  const child = spawn(
    process.execPath,
    ['--conditions=toygres-source', '--input-type=module', '-e', script],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const [row] = await sql<{ data_directory: string }[]>`show data_directory`
  await sql.end()

  child.kill('SIGKILL')
  const home = row?.data_directory.replace(/\/server\/data$/, '') ?? ''
  await expect
    .poll(
      () =>
        access(home).then(
          () => 'there',
          () => 'gone',
        ),
      { timeout: 15_000 },
    )
    .toBe('gone')
  await expect(postgres(url, { max: 1, connect_timeout: 2 })`select 1`).rejects.toThrow()
})
