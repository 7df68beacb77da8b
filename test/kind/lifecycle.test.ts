import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { ask } from '../harness/domain/index.ts'
import { controlPlaneEnv, newNamespace, removeNamespace } from '../harness/kind/cluster.ts'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'

describe.skipIf(inject('kubeconfig') === null)('a control plane on a cluster', { concurrent: false }, () => {
  const namespace = newNamespace()
  let plane: TestControlPlane
  beforeAll(async () => {
    plane = await startControlPlane({ args: ['--provider', 'kubernetes'], env: controlPlaneEnv(namespace) })
  })
  afterAll(async () => {
    await plane?.[Symbol.asyncDispose]()
    await removeNamespace(namespace)
  })

  test('an instance is made, written to, kept over a restart of the control plane, and removed', async () => {
    const created = await plane.cli('create', 'orders')
    expect(created, created.stderr).toMatchObject({ code: 0 })
    const url = created.stdout.trim()
    await ask(url, 'create table kept as select 42 as answer')

    expect(await plane.stop()).toBe(0)
    expect(await ask(url, 'select answer from kept')).toEqual([{ answer: 42 }])
    await plane.up()
    expect((await plane.cli('url', 'orders')).stdout.trim()).toBe(url)
    expect(await ask(url, 'select answer from kept')).toEqual([{ answer: 42 }])
    expect((await plane.cli('list')).stdout).toMatch(/orders +running/)

    const deleted = await plane.cli('delete', 'orders', '--yes')
    expect(deleted, deleted.stderr).toMatchObject({ code: 0 })
    await expect(ask(url, 'select 1')).rejects.toThrow()
  })

  test('a creation that is under way when the control plane is killed ends all the same', async () => {
    const toygres = await plane.sdk()
    const { operation } = await toygres.instances.create({ name: 'interrupted' })
    await plane.kill()
    await plane.up()
    const after = await plane.sdk()
    expect((await (await after.operations.get(operation.id)).wait()).state).toBe('succeeded')
    const { connectionString } = await after.instances.connection('interrupted')
    expect(await ask(connectionString, 'select 1 as one')).toEqual([{ one: 1 }])
    await (await after.instances.delete('interrupted')).operation.wait()
  })
})
