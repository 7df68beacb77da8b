export { PooledKubeConfig } from './cluster/connection.ts'
export { type ConnectedCluster, type Credentials, connectCluster } from './connect.ts'
export { type KubernetesCrashPoint, type Reach, kubernetesCrashPoints } from './crash-points.ts'
export {
  type KubernetesProvider,
  type KubernetesProviderOptions,
  createKubernetesProvider,
} from './kubernetes-provider.ts'
export { manifestsOf, stoppedManifestOf } from './manifests/index.ts'
export {
  type AccessMode,
  type InstanceOptions,
  accessModes,
  contradictionIn,
  defaultInstanceOptions,
} from './options.ts'
