import { expect, test } from 'vitest'
import { scramVerifier } from './scram.ts'

// RFC 7677, section 3: user "user", password "pencil", whose exchange these keys answer.
const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')

test('the verifier is the one of RFC 7677', async () => {
  expect(await scramVerifier('pencil', { salt })).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  )
})

test('the same password never has the same verifier twice', async () => {
  expect(await scramVerifier('pencil')).not.toBe(await scramVerifier('pencil'))
})
