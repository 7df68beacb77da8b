import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startControlPlane, type TestControlPlane } from '../harness/control-plane/index.ts'

// Needs no cluster: there is none where the kubeconfig leads to.
describe('a control plane whose cluster does not answer', { concurrent: false }, () => {
  let directory: string
  let plane: TestControlPlane
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'toygres-unreachable-'))
    const kubeconfig = join(directory, 'kubeconfig')
    await writeFile(kubeconfig, kubeconfigFor(await closedPort()))
    plane = await startControlPlane({
      args: ['--provider', 'kubernetes'],
      env: { KUBECONFIG: kubeconfig, TOYGRES_KUBERNETES_ACCESS: 'node-port' },
    })
  })
  afterAll(async () => {
    await plane?.[Symbol.asyncDispose]()
    await rm(directory, { recursive: true })
  })

  test('works, and its status says why no instance can be made', async () => {
    const toygres = await plane.sdk()
    expect(await toygres.system.health()).toMatchObject({ status: 'ok' })
    expect((await toygres.system.status()).providerError).toMatchObject({
      code: 'CLUSTER_UNAVAILABLE',
      message: expect.stringMatching(/API does not answer.*ECONNREFUSED/),
    })
    expect((await plane.cli('status')).stdout).toMatch(/API does not answer/)
  })

  test('is not well for the doctor, who says what to do', async () => {
    const { code, stdout } = await plane.cli('doctor')
    expect(code).toBe(1)
    expect(stdout).toMatch(/provider +fail +kubernetes; .*API does not answer/)
    expect(stdout).toMatch(/provider: see "kubectl cluster-info"/)
  })

  test('a create says within seconds what it waits for, spends no attempt on it, and can be cancelled', async () => {
    const toygres = await plane.sdk()
    const { operation } = await toygres.instances.create({ name: 'orders' })
    const deploy = async () =>
      (await toygres.operations.get(operation.id)).steps.find(({ name }) => name === 'deploy')
    await expect.poll(deploy, { timeout: 15_000 }).toMatchObject({
      state: 'waiting',
      attempt: 1,
      waitingFor: expect.stringMatching(/API does not answer/),
    })
    await toygres.operations.cancel(operation.id)
  })
})

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const kubeconfigFor = (port: number): string => `apiVersion: v1
kind: Config
current-context: nowhere
contexts: [{ name: nowhere, context: { cluster: nowhere, user: nobody } }]
clusters: [{ name: nowhere, cluster: { server: 'https://127.0.0.1:${port}' } }]
users: [{ name: nobody, user: {} }]
`
