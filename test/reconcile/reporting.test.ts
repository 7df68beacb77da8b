import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startControlPlane, toygres, type TestControlPlane } from '../harness/control-plane/index.ts'
import { until } from '../harness/until.ts'

let plane: TestControlPlane
beforeAll(async () => {
  plane = await startControlPlane({ env: { TOYGRES_CHANGED_SPEC: 'report' } })
})
afterAll(() => plane[Symbol.asyncDispose]())

test('a control plane that is told to only reports what somebody changed, and hears when it is changed back', async () => {
  await plane.cli('create', 'orders')
  const sdk = await plane.sdk()
  const { id } = await sdk.instances.get('orders')
  const file = `${plane.home}/instances/${id}/data/postgresql.conf`
  const before = await readFile(file, 'utf8')
  const drift = async () =>
    (await (await plane.sdk()).drift.list({ instance: id, includeResolved: true })).items
  /** Everything is compared when a control plane starts. */
  const again = async () => {
    await plane.stop()
    await plane.up()
  }

  await appendFile(file, "work_mem = '1MB'\n")
  await again()
  await until(async () => (await drift()).length === 1)
  expect(await drift()).toMatchObject([
    { kind: 'spec-changed', repairs: 0, repairAfter: null, operationId: null, resolvedAt: null },
  ])
  const listed = await plane.cli('drift', 'list')
  expect(listed.stdout).toMatch(/orders +spec-changed .* needs you .*somebody has changed postgresql\.conf/)
  expect(await readFile(file, 'utf8')).toBe(`${before}work_mem = '1MB'\n`)
  expect((await (await plane.sdk()).operations.list({ instance: id })).items).toHaveLength(1)

  await writeFile(file, before)
  await again()
  await until(async () => (await drift()).every(({ resolvedAt }) => resolvedAt !== null))
})

test('another word for it is refused', async () => {
  const home = await mkdtemp(join(tmpdir(), 'toygres-refused-'))
  const { code, stderr } = await toygres(['up'], { TOYGRES_HOME: home, TOYGRES_CHANGED_SPEC: 'ignore' })
  await rm(home, { recursive: true })
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'toygres: TOYGRES_CHANGED_SPEC takes put-back or report\n',
  })
})
