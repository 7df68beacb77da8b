import { expect, test } from 'vitest'
import { type AccessOptions, contradictionIn, defaultInstanceOptions } from './options.ts'

const told = (access: AccessOptions, image = 'postgres:{major}') =>
  contradictionIn({
    ...defaultInstanceOptions,
    access,
    image: { ...defaultInstanceOptions.image, name: image },
  })

test.for<[RegExp, AccessOptions]>([
  [/not by cluster/, { mode: 'cluster', allowedRanges: ['203.0.113.0/24'] }],
  [/not by port-forward/, { mode: 'port-forward', allowedRanges: ['203.0.113.0/24'] }],
  [/node address/, { mode: 'load-balancer', nodeAddress: 'node.example' }],
  [/load-balancer only/, { mode: 'node-port', internal: true }],
  [/load-balancer only/, { mode: 'cluster', dnsZone: 'westeurope.cloudapp.azure.com' }],
  [/choose one/, { mode: 'load-balancer', internal: true, dnsZone: 'westeurope.cloudapp.azure.com' }],
])('what would be left undone is told: %s', ([words, access]) => {
  expect(told(access)).toMatch(words)
})

test('an image that does not say its version is told', () => {
  expect(told({ mode: 'cluster' }, 'registry.example/postgres:17')).toContain('{major}')
})

test.for<AccessOptions>([
  { mode: 'cluster', internal: false },
  { mode: 'port-forward' },
  { mode: 'node-port', allowedRanges: ['203.0.113.0/24'], nodeAddress: 'node.example' },
  { mode: 'load-balancer', allowedRanges: ['203.0.113.0/24'], internal: true },
  { mode: 'load-balancer', dnsZone: 'westeurope.cloudapp.azure.com' },
])('%o is what can be done', (access) => {
  expect(told(access)).toBeNull()
})
