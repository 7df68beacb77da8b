export { createApi, type Api, type ApiOptions } from './http.ts'
export type { Logger } from './logger.ts'
