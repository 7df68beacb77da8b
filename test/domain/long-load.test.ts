import { connect } from '@toygres/control-plane'
import { expect, test, vi } from 'vitest'
import { createTestDatabase } from '../harness/postgres/index.ts'

test('a pool that always has work searches no more for a connection after thousands of statements than at the first', async () => {
  await using database = await createTestDatabase()
  await using cleanup = new AsyncDisposableStack()
  const sql = cleanup.adopt(connect(database.url, { max: 2, applicationName: 'load' }), (pool) => pool.end())
  const search = vi.spyOn(Array.prototype, 'indexOf')
  let left = 3000
  const keepAsking = async () => {
    while (left-- > 0) await sql`select 1`
  }
  await Promise.all(Array.from({ length: 8 }, keepAsking))
  const searched = search.mock.contexts.map((list) => (Array.isArray(list) ? list.length : 0))
  search.mockRestore()
  expect(Math.max(...searched)).toBeLessThan(500)
})
