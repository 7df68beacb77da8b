import type { V1Container, V1PodSpec, V1Probe, V1StatefulSet } from '@kubernetes/client-node'
import type { Manifest } from '../cluster/kinds.ts'
import type { ManifestContext } from './context.ts'
import { labelsOf, selectorOf } from './labels.ts'
import { passwordKey } from './secret.ts'
import { postgresPort } from './services.ts'
import { quarterOf } from './memory.ts'

export const containerName = 'postgres'

/** One volume for all majors, so that an upgrade can link the files of one into the other. */
const mountPath = '/var/lib/postgresql'
const secretsPath = '/run/toygres'

/** The user `postgres` of Debian images. */
const postgresUser = 999

/** Seconds that a shutdown may take: to write a checkpoint to a slow disk. */
const gracePeriod = 120

/** An open port is the real server: while the image initialises, its temporary one listens on no port. An exec probe would cost a process each time. */
const opens = { tcpSocket: { port: 'postgresql' }, timeoutSeconds: 5 } satisfies V1Probe

/** @param replicas none of a stopped instance, whose volume and addresses stay */
export function statefulSetManifest(
  context: ManifestContext,
  { replicas }: { readonly replicas: 0 | 1 },
): Manifest<V1StatefulSet> {
  const { spec, names, metadata } = context
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: metadata(names.base),
    spec: {
      serviceName: names.headlessService,
      replicas,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: selectorOf(spec) },
      template: { metadata: { labels: labelsOf(spec) }, spec: podSpec(context) },
    },
  }
}

function podSpec({ spec, options, names }: ManifestContext): V1PodSpec {
  const { image } = options
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // Whatever the image: PostgreSQL as process 1 inherits what an `exec` left behind, and takes its end for a crash of its own.
    shareProcessNamespace: true,
    terminationGracePeriodSeconds: gracePeriod,
    ...(image.pullSecrets.length > 0 && { imagePullSecrets: image.pullSecrets.map((name) => ({ name })) }),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: postgresUser,
      runAsGroup: postgresUser,
      fsGroup: postgresUser,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [postgresContainer({ spec, options })],
    volumes: [
      { name: 'data', persistentVolumeClaim: { claimName: names.base } },
      {
        name: 'secrets',
        secret: {
          secretName: names.base,
          defaultMode: 0o440,
          items: [{ key: passwordKey, path: passwordKey }],
        },
      },
      // The default of 64 MB is too little for parallel queries.
      { name: 'shm', emptyDir: { medium: 'Memory', sizeLimit: options.resources.memory } },
      { name: 'run', emptyDir: {} },
      { name: 'tmp', emptyDir: {} },
    ],
  }
}

function postgresContainer({ spec, options }: Pick<ManifestContext, 'spec' | 'options'>): V1Container {
  const { image, resources } = options
  return {
    name: containerName,
    image: image.name.replaceAll('{major}', spec.version),
    imagePullPolicy: image.pullPolicy,
    args: [
      'postgres',
      '-c',
      `shared_buffers=${quarterOf(resources.memory)}`,
      '-c',
      `cluster_name=${spec.name}`,
    ],
    env: [
      { name: 'PGDATA', value: `${mountPath}/${spec.version}/docker` },
      { name: 'POSTGRES_PASSWORD_FILE', value: `${secretsPath}/${passwordKey}` },
      // Every way in takes the password, also the loopback address, by which a forwarded port comes.
      { name: 'POSTGRES_INITDB_ARGS', value: '--auth=scram-sha-256 --data-checksums' },
    ],
    ports: [{ name: 'postgresql', containerPort: postgresPort, protocol: 'TCP' }],
    // A recovery may take an hour, and must not be killed for it.
    startupProbe: { ...opens, periodSeconds: 1, failureThreshold: 3600 },
    readinessProbe: { ...opens, periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { ...opens, periodSeconds: 10, failureThreshold: 6 },
    resources: {
      requests: { cpu: resources.cpuRequest, memory: resources.memory },
      limits: { memory: resources.memory },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'data', mountPath },
      { name: 'secrets', mountPath: secretsPath, readOnly: true },
      { name: 'shm', mountPath: '/dev/shm' },
      { name: 'run', mountPath: '/var/run/postgresql' },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  }
}
