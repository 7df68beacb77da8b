export { type LocalCrashPoint, type Reach, localCrashPoints } from './crash-points.ts'
export { type LocalProvider, type LocalProviderOptions, createLocalProvider } from './local-provider.ts'
export { type PortRange, defaultPortRange } from './ports.ts'
export { stopAllInstances } from './stop-all.ts'
