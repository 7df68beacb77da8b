import { readFile, readdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startControlPlane, toygres, type TestControlPlane } from '../harness/control-plane/index.ts'

// Each test starts a control plane or two from nothing.
vi.setConfig({ testTimeout: 180_000 })

async function postmasterOf(home: string): Promise<number> {
  return Number.parseInt(await readFile(join(home, 'metadata/data/postmaster.pid'), 'utf8'), 10)
}

async function backendsOf(home: string): Promise<number[]> {
  const postmaster = await postmasterOf(home)
  const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8')
  return (children.match(/\d+/g) ?? []).map(Number)
}

async function killMetadataOf({ home }: TestControlPlane): Promise<void> {
  process.kill(await postmasterOf(home), 'SIGKILL')
}

const untilItAnswers = (plane: TestControlPlane) =>
  expect.poll(async () => (await plane.cli('list')).code, { timeout: 40_000, interval: 200 }).toBe(0)

test('a metadata PostgreSQL that is killed is started again, be it one that an earlier control plane had started', async () => {
  await using plane = await startControlPlane()
  await killMetadataOf(plane)
  await untilItAnswers(plane)
  expect((await plane.cli('create', 'first')).code).toBe(0)

  await plane.kill()
  await plane.up()
  await killMetadataOf(plane)
  await untilItAnswers(plane)
  expect((await plane.cli('delete', 'first', '--yes')).code).toBe(0)
  expect(await plane.stop()).toBe(0)
})

test('a control plane whose metadata PostgreSQL cannot be started again ends, and says why', async () => {
  // For its home, and for what it leaves to be cleaned up.
  await using plane = await startControlPlane()
  await plane.stop()
  const env = { TOYGRES_HOME: plane.home }
  const ended = toygres(['up', '--port', '0'], env)
  await untilItAnswers(plane)

  const data = join(plane.home, 'metadata/data')
  const pid = await postmasterOf(plane.home)
  await rename(data, `${data}.elsewhere`)
  process.kill(pid, 'SIGKILL')
  const { code, stderr } = await ended
  expect(code).toBe(1)
  expect(stderr).toMatch(
    /^toygres: the metadata PostgreSQL has ended and does not start again: .* is gone\n$/m,
  )
  expect(await readdir(join(plane.home, 'metadata'))).not.toContain('data')
  await rename(`${data}.elsewhere`, data)
})

test('the log of the metadata PostgreSQL is bounded while it runs', async () => {
  await using plane = await startControlPlane()
  const log = join(plane.home, 'metadata/log')
  for (let day = 1; day <= 9; day++) await writeFile(join(log, `postgresql-2020-01-0${day}_000000.log`), '')
  await expect.poll(() => readdir(log), { timeout: 20_000 }).toHaveLength(5)
})

test('a control plane whose metadata PostgreSQL hears nothing any more can be stopped, and started again', async () => {
  await using plane = await startControlPlane()
  process.kill(await postmasterOf(plane.home), 'SIGSTOP')
  for (const pid of await backendsOf(plane.home)) process.kill(pid, 'SIGSTOP')
  expect(await plane.stop()).toBe(0)
  await plane.up()
  await untilItAnswers(plane)
})
