import { mkdtemp, readdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { removeTree } from './directories.ts'
import { type RunServerOptions, runServer } from './run-server.ts'
import { stopServer } from './stop-server.ts'

let home: string
let options: RunServerOptions
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'toygres-run-server-'))
  options = { home, directory: join(home, 'server'), major: '18', password: 'correct horse' }
})
afterAll(async () => {
  await stopServer(join(home, 'server', 'data'))
  await removeTree(home)
})

async function ask(port: number, question: string): Promise<unknown> {
  const sql = postgres({ host: '127.0.0.1', port, user: 'postgres', password: options.password, max: 1 })
  try {
    return (await sql.unsafe(question))[0]?.['answer']
  } finally {
    await sql.end({ timeout: 5 })
  }
}

test('many callers at once on an empty home get one server', async () => {
  const servers = await Promise.all([runServer(options), runServer(options), runServer(options)])
  expect(new Set(servers.map(({ pid }) => pid)).size).toBe(1)
  expect(servers.filter(({ started }) => started)).toHaveLength(1)
})

test('it is set up as promised', async () => {
  const { port } = await runServer(options)
  const setting = (name: string) => ask(port, `select current_setting('${name}') as answer`)
  expect(await setting('listen_addresses')).toBe('127.0.0.1')
  expect(await setting('data_checksums')).toBe('on')
  expect(await setting('server_encoding')).toBe('UTF8')
  expect(await ask(port, `select datcollate as answer from pg_database where datname = 'postgres'`)).toBe(
    'C.UTF-8',
  )
  const unprotected = `select count(*)::int as answer from pg_hba_file_rules where auth_method <> 'scram-sha-256'`
  expect(await ask(port, unprotected)).toBe(0)
})

test('a stopped server starts again with its data, one with another password is refused', async () => {
  const first = await runServer(options)
  await ask(first.port, 'create table kept as select 42 as answer')
  expect(await stopServer(first.dataDirectory)).toBe(true)
  expect(await stopServer(first.dataDirectory)).toBe(false)
  const again = await runServer(options)
  expect(again.started).toBe(true)
  expect(await ask(again.port, 'select answer from kept')).toBe(42)
  await expect(runServer({ ...options, password: 'wrong' })).rejects.toThrow(/refuses the login/)
})

test('nobody but the owner can look into the home or the data', async () => {
  await runServer(options)
  for (const path of [home, join(home, 'server'), join(home, 'server', 'data'), join(home, 'templates')]) {
    expect((await stat(path)).mode & 0o067, path).toBe(0)
  }
  expect(await readdir(join(home, 'workshop'))).toEqual([])
})
