export { manifestsOf, stoppedManifestOf } from './all.ts'
export { containerName, statefulSetManifest } from './stateful-set.ts'
export { type ManifestContext, manifestContext } from './context.ts'
export { idLabel, managedBySelector, nameLabel, ownerLabel, versionLabel } from './labels.ts'
export { nameIn, namesOf, type ObjectNames } from './names.ts'
export { namespaceManifest } from './namespace.ts'
export { networkPolicyManifest } from './network-policy.ts'
export { passwordKey, secretManifest } from './secret.ts'
export {
  clientServiceManifest,
  forwardPortAnnotation,
  headlessServiceManifest,
  postgresPort,
} from './services.ts'
export { volumeClaimManifest } from './volume-claim.ts'
