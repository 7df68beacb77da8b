import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { portReservations } from './ports.ts'

const range = { first: 31_320, last: 31_329 }
let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'toygres-ports-'))
})
afterEach(() => rm(directory, { recursive: true }))

test('those who ask at once get ports of their own', async () => {
  // One object each, as two processes have.
  const ports = await Promise.all(
    Array.from({ length: 5 }, () => portReservations(directory, range).reserve(randomUUID())),
  )
  expect(new Set(ports).size).toBe(5)
})

test('who asks again gets the same one', async () => {
  const reservations = portReservations(directory, range)
  const id = randomUUID()
  expect(await reservations.reserve(id)).toBe(await reservations.reserve(id))
})

test('a released port can be had again', async () => {
  const reservations = portReservations(directory, { first: range.first, last: range.first })
  const id = randomUUID()
  const port = await reservations.reserve(id)
  await expect(reservations.reserve(randomUUID())).rejects.toMatchObject({ code: 'NO_FREE_PORT' })
  await reservations.release(id)
  expect(await reservations.reserve(randomUUID())).toBe(port)
})
