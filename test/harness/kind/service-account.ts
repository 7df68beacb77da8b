import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CoreV1Api, KubernetesObjectApi, type KubernetesObject } from '@kubernetes/client-node'
import { parseAllDocuments } from 'yaml'
import { configOf, theKubeconfig } from './cluster.ts'

const manifest = new URL('../../../docker/kubernetes/rbac.yaml', import.meta.url)

export interface RestrictedAccount extends AsyncDisposable {
  /** Of a service account that may do what the manifest for users says, and nothing else. */
  readonly kubeconfig: string
}

/** Makes a namespace with the account that docker/kubernetes/rbac.yaml has, under another name. */
export async function restrictedAccount(namespace: string): Promise<RestrictedAccount> {
  const admin = configOf(theKubeconfig())
  const objects = KubernetesObjectApi.makeApiClient(admin)
  const text = (await readFile(manifest, 'utf8')).replace(
    /^( +(?:- )?(?:name|namespace): )toygres$/gm,
    `$1${namespace}`,
  )
  for (const document of parseAllDocuments(text)) await objects.create(document.toJS() as KubernetesObject)
  const { status } = await admin.makeApiClient(CoreV1Api).createNamespacedServiceAccountToken({
    name: namespace,
    namespace,
    body: { spec: { audiences: [], expirationSeconds: 7200 } },
  })
  const cluster = admin.getCurrentCluster()
  await admin.close()
  const directory = await mkdtemp(join(tmpdir(), 'toygres-account-'))
  const kubeconfig = join(directory, 'kubeconfig')
  await writeFile(
    kubeconfig,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'kind-restricted',
      contexts: [{ name: 'kind-restricted', context: { cluster: 'kind', user: namespace } }],
      clusters: [
        {
          name: 'kind',
          cluster: { server: cluster?.server, 'certificate-authority-data': cluster?.caData },
        },
      ],
      users: [{ name: namespace, user: { token: status?.token } }],
    }),
    { mode: 0o600 },
  )
  return { kubeconfig, [Symbol.asyncDispose]: () => rm(directory, { recursive: true }) }
}
