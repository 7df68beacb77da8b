import type { InstanceSpec } from '@toygres/providers'
import {
  defaultInstanceOptions,
  manifestsOf,
  stoppedManifestOf,
  type InstanceOptions,
} from '@toygres/providers/kubernetes'
import { postgresMajors } from '@toygres/local-postgres'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { z } from 'zod'

const spec: InstanceSpec = {
  id: '01a20be1-26f1-7736-a43d-000e0c507de6',
  name: 'orders',
  version: '18',
  password: 'F56dvVdz172MXf6wYhgEJdKWVZ-xaBeW',
}

const variants: Record<string, Partial<InstanceOptions>> = {
  cluster: { owner: '01a20be1-26f1-7736-a43d-0123456789ab' },
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

test('what is applied to stop an instance is on file', async () => {
  const manifest = stringify(stoppedManifestOf(spec, defaultInstanceOptions), {
    aliasDuplicateObjects: false,
  })
  await expect(manifest).toMatchFileSnapshot('golden/stopped.yaml')
})

test('a stop changes nothing but how many pods there are', () => {
  const running = manifestsOf(spec, defaultInstanceOptions).find(({ kind }) => kind === 'StatefulSet')
  const expected = structuredClone(running) as { spec?: { replicas?: number } }
  if (expected.spec) expected.spec.replicas = 0
  expect(stoppedManifestOf(spec, defaultInstanceOptions)).toEqual(expected)
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

/** What its documentation promises: https://hub.docker.com/_/postgres */
const officialEnvironment = [
  'POSTGRES_PASSWORD',
  'POSTGRES_PASSWORD_FILE',
  'POSTGRES_USER',
  'POSTGRES_USER_FILE',
  'POSTGRES_DB',
  'POSTGRES_DB_FILE',
  'POSTGRES_INITDB_ARGS',
  'POSTGRES_INITDB_ARGS_FILE',
  'POSTGRES_INITDB_WALDIR',
  'POSTGRES_HOST_AUTH_METHOD',
  'PGDATA',
]

test.for(postgresMajors)(
  'the official image of PostgreSQL %s is asked for nothing that it does not promise',
  (version) => {
    const pod = podOf({ ...spec, version })
    const [container] = pod.containers
    expect(pod.containers).toHaveLength(1)
    expect(container.image).toBe(`postgres:${version}`)
    // Its own entry point, which makes the data directory and becomes what its first argument names.
    expect(container.command).toBeUndefined()
    expect(container.args[0]).toBe('postgres')
    expect(officialEnvironment).toEqual(expect.arrayContaining(container.env.map(({ name }) => name)))
    expect(pod.securityContext).toMatchObject({ runAsUser: 999, runAsGroup: 999, fsGroup: 999 })
    // One volume for all majors, where that of 18 has its own; the data lie below it, since a volume may hold lost+found.
    const data = container.volumeMounts.find(({ name }) => name === 'data')?.mountPath
    const PGDATA = container.env.find(({ name }) => name === 'PGDATA')?.value
    expect(data).toBe('/var/lib/postgresql')
    expect(PGDATA).toBe(`/var/lib/postgresql/${version}/docker`)
    // The root file system is read-only: it writes to its data, its socket's directory, /tmp and shared memory.
    const writable = container.volumeMounts
      .filter(({ readOnly }) => readOnly !== true)
      .map((mount) => mount.mountPath)
    expect(writable.toSorted()).toEqual(['/dev/shm', '/tmp', '/var/lib/postgresql', '/var/run/postgresql'])
  },
)

const Pod = z.object({
  securityContext: z.record(z.string(), z.unknown()),
  containers: z.tuple([
    z.object({
      image: z.string(),
      command: z.array(z.string()).optional(),
      args: z.array(z.string()),
      env: z.array(z.object({ name: z.string(), value: z.string().optional() })),
      volumeMounts: z.array(
        z.object({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }),
      ),
    }),
  ]),
})

function podOf(of: InstanceSpec): z.infer<typeof Pod> {
  const found = manifestsOf(of, defaultInstanceOptions).find(({ kind }) => kind === 'StatefulSet')
  return Pod.parse(
    z.object({ spec: z.object({ template: z.object({ spec: Pod }) }) }).parse(found).spec.template.spec,
  )
}
