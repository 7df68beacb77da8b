/** Which control plane to call, and as whom. */
export interface ClientConfig {
  readonly url: string
  readonly apiKey: string
  /** The project to act in; that of the key unless told. */
  readonly project?: string | undefined
}

export const isHttp = (url: unknown): url is string =>
  typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)

export const isKey = (key: unknown): key is string => typeof key === 'string' && /^[\x21-\x7e]+$/.test(key)
