export * from './provider.ts'
export { scramVerifier } from '@toygres/local-postgres'
