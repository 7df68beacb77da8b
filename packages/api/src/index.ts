export { createApi, type Api, type ApiOptions } from './http.ts'
export type { Logger } from '@toygres/control-plane'
