import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { startControlPlane, toygres } from '../harness/control-plane/index.ts'

test('a control plane refuses a sealing key that cannot read what is there, and changes nothing', async () => {
  await using plane = await startControlPlane()
  const { stdout: before } = await plane.cli('create', 'sealed')
  await plane.stop()

  const refused = await toygres(['up', '--port', '0'], {
    TOYGRES_HOME: plane.home,
    TOYGRES_SEALING_KEY: randomBytes(32).toString('base64'),
  })
  expect(refused).toMatchObject({ code: 1, stdout: '' })
  expect(refused.stderr).toMatch(/^toygres: the passwords .* were sealed under another key: start with .*\n$/)

  await plane.up()
  expect((await plane.cli('url', 'sealed')).stdout).toBe(before)
})
