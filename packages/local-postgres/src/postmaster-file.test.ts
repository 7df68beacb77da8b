import { expect, test } from 'vitest'
import { parsePostmasterFile } from './postmaster-file.ts'

const lines = ['4711', '/data', '1790000000', '54320', '', '127.0.0.1', ' 7602181 3', 'ready   ', '']

test('a server that is up tells its pid and port', () => {
  expect(parsePostmasterFile(lines.join('\n'))).toEqual({ pid: 4711, port: 54_320, status: 'ready' })
})

test('a port that is not bound yet is not told', () => {
  expect(parsePostmasterFile(lines.slice(0, 5).join('\n'))).toEqual({
    pid: 4711,
    port: null,
    status: 'starting',
  })
})

test.for(['', '\n', 'x\n', '-1\n'])('%j is no postmaster file', (text) => {
  expect(parsePostmasterFile(text)).toBeNull()
})
