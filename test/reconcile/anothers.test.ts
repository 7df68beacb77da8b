import { expect, test } from 'vitest'
import { startControlPlane } from '../harness/control-plane/index.ts'
import { ask } from '../harness/domain/index.ts'
import { createEmptyDatabase } from '../harness/postgres/index.ts'
import { until } from '../harness/until.ts'

test('a home whose metadata database is a new one keeps its instances: they are reported, and never removed', async () => {
  const [before, after] = [await createEmptyDatabase(), await createEmptyDatabase()]
  {
    await using plane = await startControlPlane({ args: ['--database-url', before.url] })
    const { stdout } = await plane.cli('create', 'kept')
    await plane.stop()
    const { code, stderr } = await plane.cli('up', '--detach', '--port', '0', '--database-url', after.url)
    expect(code, stderr).toBe(0)
    const sdk = await plane.sdk()
    await until(async () => (await sdk.drift.list({})).items.length > 0)
    expect((await sdk.drift.list({})).items).toMatchObject([
      {
        kind: 'orphan',
        instanceName: 'kept',
        detail: 'metadata does not know it: another control plane made it',
        repairAfter: null,
      },
    ])
    const listed = await plane.cli('drift', 'list')
    expect(listed.stdout).toMatch(/kept +orphan .* needs you .*another control plane made it/)
    // It still serves who has its connection string.
    expect(await ask(stdout.trim(), 'select 1 as one')).toEqual([{ one: 1 }])
  }
  await Promise.all([before.drop(), after.drop()])
})
