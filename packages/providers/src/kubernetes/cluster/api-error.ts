import { z } from 'zod'
import { ProviderError } from '../../provider.ts'

/** What the API server says when it refuses. */
const Status = z.object({
  message: z.string().default(''),
  reason: z.string().default(''),
  details: z
    .object({
      retryAfterSeconds: z.number().optional(),
      causes: z.array(z.object({ reason: z.string().optional() })).default([]),
    })
    .default({ causes: [] }),
})
type Status = z.infer<typeof Status>

export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly httpStatus: number
  readonly status: Status
  /** Milliseconds that the server asks us to wait. */
  readonly retryAfterMs: number | null

  constructor(httpStatus: number, body: string, retryAfter: string | undefined) {
    const status = readStatus(body)
    super(status.message || `the cluster's API answered with ${httpStatus}`)
    this.httpStatus = httpStatus
    this.status = status
    const seconds = Number(retryAfter ?? status.details.retryAfterSeconds ?? Number.NaN)
    this.retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null
  }

  has(cause: string): boolean {
    return this.status.details.causes.some(({ reason }) => reason === cause)
  }
}

/** Called `forbidden`, and means that nobody knows yet: a quota that is not counted, an admission that has just started. */
const undecided = /status unknown for quota|not yet ready to handle request/

/** Worth asking again: the server is busy or not ready, or two writers met. */
export const isPassing = ({ httpStatus, message }: ApiError): boolean =>
  httpStatus === 409 || httpStatus === 429 || httpStatus >= 500 || undecided.test(message)

/** A refusal in the words of the provider port. `what` was asked: `apply Secret pg-orders-1`. */
export function asProviderError(error: ApiError, what: string): ProviderError {
  const { message, retryAfterMs } = error
  const rest = retryAfterMs ? `; it asks to be left alone for ${retryAfterMs / 1000} s` : ''
  const said = `${what}: ${message}${rest}`
  const refusal = (code: ProviderError['code'], message: string, permanent: boolean) =>
    new ProviderError(code, message, { permanent, cause: error, retryAfterMs })
  if (error.has('NamespaceTerminating')) return refusal('BEING_REMOVED', said, false)
  if (/exceeded quota|maximum .* usage per|minimum .* usage per/.test(error.message))
    return refusal('QUOTA_EXCEEDED', `${said}. Raise the quota of the namespace, or delete something`, true)
  if (isPassing(error)) return refusal('CLUSTER_UNAVAILABLE', said, false)
  switch (error.httpStatus) {
    case 401:
      return refusal('CREDENTIALS_REFUSED', `${said}. Renew the credentials for the cluster`, false)
    case 403:
      return refusal('PERMISSION_DENIED', `${said}. docs/kubernetes.md has the roles to grant`, true)
    case 400:
    case 404:
    case 405:
    case 415:
    case 422:
      return refusal('MANIFEST_REFUSED', said, true)
    default:
      return refusal('CLUSTER_UNAVAILABLE', said, false)
  }
}

function readStatus(body: string): Status {
  try {
    return Status.parse(JSON.parse(body))
  } catch {
    return { message: body.slice(0, 300), reason: '', details: { causes: [] } }
  }
}
