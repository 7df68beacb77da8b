import { expect, test } from 'vitest'
import { readKubernetesSettings } from './kubernetes-settings.ts'

const aks =
  '/subscriptions/1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/production'

test('with nothing set, instances are made with the defaults, and the mode of access is left to the cluster', () => {
  expect(readKubernetesSettings({})).toEqual({
    credentials: {},
    access: {},
    instances: {
      namespace: 'toygres',
      image: { name: 'postgres:{major}', pullPolicy: 'IfNotPresent', pullSecrets: [] },
      resources: { cpuRequest: '100m', memory: '512Mi' },
      storage: { size: '10Gi' },
    },
  })
})

test.for([
  ['TOYGRES_KUBERNETES_CONTEXT', 'prod', { credentials: { context: 'prod' } }],
  ['TOYGRES_AKS_CLUSTER', aks, { credentials: { aks: { resourceId: aks } } }],
  ['TOYGRES_KUBERNETES_NAMESPACE', 'databases', { instances: { namespace: 'databases' } }],
  ['TOYGRES_KUBERNETES_ACCESS', 'load-balancer', { access: { mode: 'load-balancer' } }],
  ['TOYGRES_KUBERNETES_NODE_ADDRESS', 'nodes.test', { access: { nodeAddress: 'nodes.test' } }],
  [
    'TOYGRES_KUBERNETES_ALLOWED_RANGES',
    '203.0.113.0/24, 2001:db8::/32',
    { access: { allowedRanges: ['203.0.113.0/24', '2001:db8::/32'] } },
  ],
  ['TOYGRES_KUBERNETES_INTERNAL', 'true', { access: { internal: true } }],
  ['TOYGRES_KUBERNETES_DNS_ZONE', 'example.test', { access: { dnsZone: 'example.test' } }],
  ['TOYGRES_KUBERNETES_STORAGE_CLASS', 'fast', { instances: { storage: { className: 'fast' } } }],
  ['TOYGRES_KUBERNETES_STORAGE', '1.5Ti', { instances: { storage: { size: '1.5Ti' } } }],
  ['TOYGRES_KUBERNETES_MEMORY', '2Gi', { instances: { resources: { memory: '2Gi' } } }],
  ['TOYGRES_KUBERNETES_CPU', '0.5', { instances: { resources: { cpuRequest: '0.5' } } }],
  ['TOYGRES_POSTGRES_IMAGE', 'r.test/pg:{major}', { instances: { image: { name: 'r.test/pg:{major}' } } }],
  ['TOYGRES_POSTGRES_IMAGE_PULL_POLICY', 'Always', { instances: { image: { pullPolicy: 'Always' } } }],
  [
    'TOYGRES_POSTGRES_IMAGE_PULL_SECRETS',
    'one,two',
    { instances: { image: { pullSecrets: ['one', 'two'] } } },
  ],
] as const)('%s is taken as %s', ([name, value, expected]) => {
  expect(readKubernetesSettings({ [name]: value })).toMatchObject(expected)
})

test('the endpoint of a cloud goes with the cluster that it is for', () => {
  const endpoint = 'https://management.example.test'
  const { credentials } = readKubernetesSettings({ TOYGRES_AKS_CLUSTER: aks, TOYGRES_AKS_ENDPOINT: endpoint })
  expect(credentials).toEqual({ aks: { resourceId: aks, endpoint } })
})

test.for([
  ['TOYGRES_AKS_CLUSTER', 'production', 'takes the resource id of a cluster'],
  ['TOYGRES_AKS_ENDPOINT', 'nowhere', 'takes the URL of a resource manager'],
  ['TOYGRES_KUBERNETES_NAMESPACE', 'My_Space', 'takes lower-case letters, digits and "-"'],
  ['TOYGRES_KUBERNETES_ACCESS', 'magic', 'takes one of cluster, node-port, load-balancer, port-forward'],
  ['TOYGRES_KUBERNETES_ALLOWED_RANGES', '203.0.113.0', 'takes ranges such as 203.0.113.0/24, with commas'],
  ['TOYGRES_KUBERNETES_INTERNAL', 'maybe', 'takes true or false'],
  ['TOYGRES_KUBERNETES_STORAGE', '10 GB', 'takes an amount such as 512Mi or 2Gi'],
  ['TOYGRES_KUBERNETES_MEMORY', 'much', 'takes an amount such as 512Mi or 2Gi'],
  ['TOYGRES_KUBERNETES_CPU', 'one', 'takes a number of cores, or of thousandths such as 100m'],
  ['TOYGRES_POSTGRES_IMAGE_PULL_POLICY', 'Sometimes', 'takes Always, IfNotPresent or Never'],
  ['TOYGRES_POSTGRES_IMAGE_PULL_SECRETS', 'a b', 'takes lower-case letters, digits and "-"'],
] as const)('%s refuses %s, and says what it takes', ([name, value, what]) => {
  expect(() => readKubernetesSettings({ [name]: value })).toThrow(`${name} ${what}`)
})

test('all that is wrong is named at once; what is set to nothing is not set', () => {
  const wrong = { TOYGRES_KUBERNETES_CPU: 'one', TOYGRES_KUBERNETES_MEMORY: 'much' }
  expect(() => readKubernetesSettings(wrong)).toThrow(/TOYGRES_KUBERNETES_MEMORY .*; TOYGRES_KUBERNETES_CPU /)
  expect(readKubernetesSettings({ TOYGRES_KUBERNETES_CPU: '' })).toEqual(readKubernetesSettings({}))
})
