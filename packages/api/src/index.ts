export { createApi, type Api, type ApiOptions } from './http.ts'
export { readConsoleFiles, type ConsoleFiles } from './console/files.ts'
export type { Logger } from '@toygres/control-plane'
