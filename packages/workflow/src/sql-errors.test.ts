import { expect, test } from 'vitest'
import { isConnectionLoss, isStatementTimeout, isTransient } from './sql-errors.ts'

test.for([
  // Named in PostgreSQL's manual, appendix A; the last ones by the driver and by Node.
  ['25P03', 'idle in a transaction for too long', 'lost'],
  ['25P04', 'in a transaction for too long', 'lost'],
  ['57P01', 'terminated by an administrator', 'lost'],
  ['57P03', 'starting up', 'lost'],
  ['08006', 'connection failure', 'lost'],
  ['CONNECTION_CLOSED', 'closed', 'lost'],
  ['ECONNREFUSED', 'refused', 'lost'],
  ['40P01', 'deadlock', 'transient'],
  ['40001', 'serialisation', 'transient'],
  ['53100', 'disk full', 'transient'],
  ['57014', 'statement timeout', 'too long'],
  ['23505', 'not unique', 'refused'],
  ['22P05', 'not a character', 'refused'],
] as const)('%s (%s) is %s', ([code, , kind]) => {
  const error = Object.assign(new Error(), { code })
  expect(isConnectionLoss(error)).toBe(kind === 'lost')
  expect(isTransient(error)).toBe(kind === 'transient' || kind === 'too long')
  expect(isStatementTimeout(error)).toBe(kind === 'too long')
})
