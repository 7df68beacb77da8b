import { createApi, type ApiOptions } from '../http.ts'
import { controlPlaneOf, type Answers } from './control-plane.ts'
import { memoryLog } from './log.ts'

/** Sends requests to an API whose control plane gives these answers, as `admin` unless told. */
export function serveRest(answers: Answers = {}, options: Partial<ApiOptions> = {}) {
  const log = memoryLog()
  const api = createApi({ controlPlane: controlPlaneOf(answers), logger: log, ...options })
  const send = (line: string, { json, headers = {}, ...init }: RestInit = {}): Promise<Response> => {
    const [method = '', path = ''] = line.split(' ')
    const body = json === undefined ? {} : { body: JSON.stringify(json) }
    const type = json === undefined ? {} : { 'content-type': 'application/json' }
    return api.fetch(
      new Request(`http://toygres.test${path}`, {
        method,
        ...body,
        ...init,
        headers: { authorization: 'Bearer admin', ...type, ...headers },
      }),
    )
  }
  return { send, log }
}

interface RestInit extends RequestInit {
  json?: unknown
  headers?: Record<string, string>
}
