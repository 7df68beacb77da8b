import type { InstanceSpec } from '@toygres/providers'
import { defaultInstanceOptions, manifestsOf, type InstanceOptions } from '@toygres/providers/kubernetes'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'

const spec: InstanceSpec = {
  id: '01a20be1-26f1-7736-a43d-000e0c507de6',
  name: 'orders',
  version: '18',
  password: 'F56dvVdz172MXf6wYhgEJdKWVZ-xaBeW',
}

const variants: Record<string, Partial<InstanceOptions>> = {
  cluster: {},
  'node-port': { access: { mode: 'node-port', allowedRanges: ['203.0.113.0/24'] } },
  'load-balancer': {
    access: {
      mode: 'load-balancer',
      internal: true,
      dnsZone: 'westeurope.cloudapp.azure.com',
      allowedRanges: ['203.0.113.0/24', '2001:db8::/32'],
    },
    image: { name: 'registry.example/postgres:{major}', pullPolicy: 'Always', pullSecrets: ['registry'] },
    storage: { size: '64Gi', className: 'managed-csi-premium' },
    resources: { cpuRequest: '2', memory: '8Gi' },
  },
  'port-forward': { access: { mode: 'port-forward' } },
}

// To accept a change: npx vitest run test/kubernetes -u, and read the difference.
test.for(Object.entries(variants))('the manifests for %s are those on file', async ([name, given]) => {
  const documents = manifestsOf(spec, { ...defaultInstanceOptions, ...given }).map((manifest) =>
    stringify(manifest, { aliasDuplicateObjects: false }),
  )
  await expect(documents.join('---\n')).toMatchFileSnapshot(`golden/${name}.yaml`)
})

test('the password is in the Secret and nowhere else', () => {
  const written = manifestsOf(spec, defaultInstanceOptions)
    .filter(({ kind }) => kind !== 'Secret')
    .map((manifest) => JSON.stringify(manifest))
    .join('\n')
  expect(written).not.toContain(spec.password)
  expect(written).not.toContain(Buffer.from(spec.password).toString('base64'))
})

test('the longest name that an instance can have fits into every name and label that Kubernetes derives', () => {
  const longest = { ...spec, name: 'a'.repeat(40) }
  for (const { kind, metadata } of manifestsOf(longest, defaultInstanceOptions)) {
    expect(metadata.name.length).toBeLessThanOrEqual(63)
    // What a controller appends to it in a label of the pods: "-" and ten characters.
    if (kind === 'StatefulSet') expect(metadata.name.length).toBeLessThanOrEqual(52)
  }
})

test('an instance whose name begins with a digit gets Services that DNS takes', () => {
  for (const { metadata } of manifestsOf({ ...spec, name: '1st' }, defaultInstanceOptions))
    expect(metadata.name).toMatch(/^[a-z][-a-z0-9]*[a-z0-9]$/)
})
