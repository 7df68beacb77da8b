import { ToygresError } from '@toygres/schema'
import type { Logger } from '@toygres/workflow'
import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import type { Authenticated } from '../act-in.ts'
import { bearerOf } from './claims.ts'
import { keySetOf } from './key-set.ts'
import type { TokenOptions } from './options.ts'

const jwtForm = /^[\w-]+\.[\w-]+\.[\w-]*$/

export const looksLikeToken = (credential: string): boolean => jwtForm.test(credential)

/** Takes the tokens of one OpenID Connect issuer. */
export class Tokens {
  readonly #options: TokenOptions
  readonly #keys: JWTVerifyGetKey
  readonly #logger: Logger

  constructor(options: TokenOptions, logger: Logger) {
    this.#options = options
    this.#keys = keySetOf(options)
    this.#logger = logger
  }

  /** @throws {ToygresError} UNAUTHENTICATED, PERMISSION_DENIED; UNAVAILABLE while the issuer's keys cannot be fetched */
  async bearer(token: string): Promise<Authenticated> {
    const { issuer, audiences, algorithms, clockSkewSeconds } = this.#options
    const { payload } = await jwtVerify(token, this.#keys, {
      issuer,
      audience: [...audiences],
      algorithms: [...algorithms],
      clockTolerance: clockSkewSeconds,
      requiredClaims: ['exp'],
    }).catch((error: unknown) => {
      throw this.#refusalFor(error)
    })
    return bearerOf(payload, this.#options)
  }

  #refusalFor(error: unknown): ToygresError {
    if (error instanceof errors.JWTExpired)
      return new ToygresError('UNAUTHENTICATED', 'this token has expired: ask its issuer for a new one')
    if (error instanceof errors.JWTClaimValidationFailed)
      return new ToygresError(
        'UNAUTHENTICATED',
        `this token is not for here: its claim "${error.claim}" is missing or another`,
      )
    if (isOfTheToken(error))
      return new ToygresError(
        'UNAUTHENTICATED',
        'this token cannot be verified: it is not of the issuer that is trusted here',
      )
    this.#logger.warn({ err: error, issuer: this.#options.issuer }, "an issuer's keys cannot be fetched")
    return new ToygresError(
      'UNAVAILABLE',
      'the keys of the issuer cannot be fetched just now: try again in a while',
      {
        cause: error,
      },
    )
  }
}

/** The token's fault, not of whoever was to give us the keys. */
function isOfTheToken(error: unknown): boolean {
  return [
    errors.JOSEAlgNotAllowed,
    errors.JOSENotSupported,
    errors.JWKSMultipleMatchingKeys,
    errors.JWKSNoMatchingKey,
    errors.JWSInvalid,
    errors.JWSSignatureVerificationFailed,
    errors.JWTInvalid,
  ].some((kind) => error instanceof kind)
}
