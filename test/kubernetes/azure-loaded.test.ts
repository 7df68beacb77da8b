import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AzureDouble, startAzureDouble } from './azure-double.ts'

const kubeconfig = `apiVersion: v1
kind: Config
current-context: here
contexts: [{ name: here, context: { cluster: here, user: nobody } }]
clusters: [{ name: here, cluster: { server: 'https://127.0.0.1:1' } }]
users: [{ name: nobody, user: {} }]
`

let directory: string
let azure: AzureDouble
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'toygres-loaded-'))
  await writeFile(join(directory, 'kubeconfig'), kubeconfig)
  azure = await startAzureDouble(kubeconfig)
})
afterAll(async () => {
  await azure[Symbol.asyncDispose]()
  await rm(directory, { recursive: true })
})

async function modulesOfAzure(...args: string[]): Promise<number> {
  const program = new URL('loaded-main.ts', import.meta.url).pathname
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=toygres-source', program, ...args],
    { env: { ...process.env, ...azure.env, KUBECONFIG: join(directory, 'kubeconfig') } },
  )
  return Number(stdout)
}

test('whoever has a kubeconfig loads nothing of Azure; whoever names a cluster of AKS does', async () => {
  expect(await modulesOfAzure()).toBe(0)
  const id =
    '/subscriptions/1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/production'
  expect(await modulesOfAzure(id)).toBeGreaterThan(0)
})
