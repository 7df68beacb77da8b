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

export interface Right {
  readonly resource: string
  readonly verb: string
}

/** Makes a namespace with the account that docker/kubernetes/rbac.yaml has, under another name, and with one right less where that is wanted. */
export async function restrictedAccount(namespace: string, without?: Right): Promise<RestrictedAccount> {
  const admin = configOf(theKubeconfig())
  const objects = KubernetesObjectApi.makeApiClient(admin)
  const text = (await readFile(manifest, 'utf8')).replace(
    /^( +(?:- )?(?:name|namespace): )toygres$/gm,
    `$1${namespace}`,
  )
  for (const document of parseAllDocuments(text)) {
    const object = document.toJS() as KubernetesObject & { rules?: Rule[] }
    if (without) for (const rule of object.rules ?? []) take(without, rule)
    await objects.create(object)
  }
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

interface Rule {
  resources: string[]
  verbs: string[]
}

function take({ resource, verb }: Right, rule: Rule): void {
  if (rule.resources.includes(resource)) rule.verbs = rule.verbs.filter((other) => other !== verb)
}
