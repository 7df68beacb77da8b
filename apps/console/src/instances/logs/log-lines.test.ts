import { expect, test } from 'vitest'
import { mostLines, select, withLines } from './log-lines.ts'

const line = (text: string, position = text) => ({ position, text })

const log = withLines(
  [],
  [
    line('2026-11-25 13:00:00.000 UTC [7] LOG:  database system is ready to accept connections'),
    line('2026-11-25 13:00:01.000 UTC [9] ERROR:  relation "orders" does not exist at character 15'),
    line('2026-11-25 13:00:01.000 UTC [9] STATEMENT:  select * from orders'),
    line('\twhere id = 1'),
    line('2026-11-25 13:00:02.000 UTC [9] WARNING:  there is no transaction in progress'),
  ],
)

test('a line that goes on with another matters as much as that one', () => {
  expect(log.map(({ level }) => level)).toEqual(['info', 'error', 'error', 'error', 'warning'])
  expect(withLines(log.slice(0, 2), [line('STATEMENT: select 1')]).at(-1)?.level).toBe('error')
})

test('what a line says does not make it an error', () => {
  expect(
    withLines([], [line('2026-11-25 13:00:00.000 UTC [7] LOG:  a table called ERROR: ')])[0]?.level,
  ).toBe('info')
})

test('lines are found by their words, whatever the case, and by how much they matter', () => {
  expect(select(log, { text: 'ORDERS', least: 'info' })).toHaveLength(2)
  expect(select(log, { text: '', least: 'warning' })).toHaveLength(4)
  expect(select(log, { text: '', least: 'error' })).toHaveLength(3)
  expect(select(log, { text: 'ready', least: 'error' })).toEqual([])
})

test('the last lines are kept, each to a bound, however many come', () => {
  const many = Array.from({ length: mostLines + 10 }, (_, at) => line(`LOG:  ${at}`, String(at)))
  const kept = withLines(log, many)
  expect(kept).toHaveLength(mostLines)
  expect(kept[0]?.position).toBe('10')
  expect(withLines([], [line('x'.repeat(1_000_000))])[0]?.text.length).toBeLessThan(5_000)
})
