import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AzureDouble, startAzureDouble } from './azure-double.ts'

/** What AKS with Entra ID hands out: it would have `kubelogin` run for each token. */
const kubeconfig = `apiVersion: v1
kind: Config
current-context: prod
contexts: [{ name: prod, context: { cluster: prod, user: clusterUser } }]
clusters: [{ name: prod, cluster: { server: 'https://prod.hcp.westeurope.azmk8s.io:443', certificate-authority-data: '' } }]
users:
  - name: clusterUser
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1beta1
        command: kubelogin
        args: [get-token, --server-id, 6dae42f8-4368-4678-94ff-3960e28e3630]
`
const idOf = (name: string) =>
  `/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/${name}`

let azure: AzureDouble
beforeAll(async () => {
  azure = await startAzureDouble(kubeconfig)
})
afterAll(() => azure[Symbol.asyncDispose]())

async function connect(resourceId: string, env = azure.env) {
  const program = new URL('aks-process.ts', import.meta.url).pathname
  const child = spawn(
    process.execPath,
    ['--conditions=toygres-source', program, resourceId, azure.resourceManager],
    { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  return { code, stdout, stderr }
}

test('a cluster of AKS is found by its resource id, and asked with a token of the same identity', async () => {
  const { stdout, stderr } = await connect(idOf('prod'))
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toEqual({
    server: 'https://prod.hcp.westeurope.azmk8s.io:443',
    authorization: 'Bearer token-for-6dae42f8-4368-4678-94ff-3960e28e3630',
    access: 'port-forward',
  })
  expect(azure.requests).toContainEqual(
    expect.stringMatching(
      /^POST \/subscriptions\/1{8}-.*\/resourceGroups\/rg\/.*\/managedClusters\/prod\/listClusterUserCredential\?/,
    ),
  )
})

test('one token does for all requests: that of the Azure CLI costs a process each time it is asked for', async () => {
  const { stdout, stderr } = await connect(idOf('prod'), azure.signedIn)
  expect(stderr).toBe('')
  expect(JSON.parse(stdout)).toMatchObject({
    authorization: 'Bearer token-for-6dae42f8-4368-4678-94ff-3960e28e3630',
  })
  expect((await azure.tokensOfCli()).filter((resource) => !resource.includes('management'))).toEqual([
    '6dae42f8-4368-4678-94ff-3960e28e3630',
  ])
})

test('a cluster whose credentials we may not have is a refusal with the reason that Azure gives', async () => {
  const { code, stderr } = await connect(idOf('forbidden'))
  expect(code).not.toBe(0)
  expect(stderr).toContain('CREDENTIALS_REFUSED')
  expect(stderr).toContain('may not list credentials')
})

test('what is no id of a cluster is refused before anybody is asked', async () => {
  const before = azure.requests.length
  const { stderr } = await connect('prod')
  expect(stderr).toContain('az aks show --query id')
  expect(azure.requests).toHaveLength(before)
})
