import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createToygres } from '@toygres/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'

let plane: TestControlPlane
beforeAll(async () => {
  plane = await startControlPlane()
}, 180_000)
afterAll(() => plane[Symbol.asyncDispose]())

test('a key that was made opens what its role may do, until it is revoked', async () => {
  const made = await plane.cli('keys', 'create', 'dashboard', '--role', 'viewer', '--expires', '30d')
  expect(made.code, made.stderr).toBe(0)
  expect(made.stdout).toMatch(/^toygres_[0-9a-f]{16}_\S{43}\n$/)
  const apiKey = made.stdout.trim()
  const id = apiKey.split('_')[1] ?? ''
  const as = (...args: string[]) => plane.cliWith({ TOYGRES_API_KEY: apiKey }, ...args)

  expect((await as('list')).code).toBe(0)
  const denied = await as('keys', 'create', 'more', '--role', 'admin')
  expect(denied).toMatchObject({ code: 1, stdout: '' })
  expect(denied.stderr).toContain('keys:write')

  const listed = await plane.cli('keys', 'list')
  expect(listed.stdout).toMatch(new RegExp(`^${id} +dashboard +viewer +active .*$`, 'm'))
  expect(listed.stdout).not.toContain(apiKey.slice(-43))

  expect((await plane.cli('keys', 'revoke', id)).stdout).toContain('revoked')
  expect((await as('list')).stderr).toContain('this API key is not known, or no longer')
}, 120_000)

test.for([
  [['keys', 'create', 'x', '--role', 'king'], 2, 'Allowed choices are viewer, operator, admin'],
  [['keys', 'create', 'x', '--expires', 'never'], 2, 'Expected a number of days'],
  [['keys', 'revoke', 'nonsense'], 2, '16 hexadecimal digits'],
  [['keys', 'revoke', '0123456789abcdef'], 3, 'there is no API key 0123456789abcdef'],
] as const)('%j ends with %i', async ([args, code, sentence]) => {
  const ended = await plane.cli(...args)
  expect(ended).toMatchObject({ code, stdout: '' })
  expect(ended.stderr).toContain(sentence)
})

test('the key of a client.json that is lost opens nothing once "up" has made another', async () => {
  const lost = await plane.sdk()
  await lost.instances.list()
  const byHand = await lost.keys.create({ name: 'by hand', role: 'admin' })
  await plane.stop()
  await rm(join(plane.home, 'client.json'))
  await plane.up()

  const found = await plane.sdk()
  const { items } = await found.keys.list()
  expect(items.filter(({ state }) => state === 'active')).toHaveLength(2)
  // What people made is theirs.
  const theirs = createToygres({ url: await plane.url(), apiKey: byHand.secret })
  await theirs.instances.list()
  const old = items.find(({ state, name }) => state === 'revoked' && name !== 'dashboard')
  expect(old?.name).toContain(plane.home)
}, 120_000)
