import { minutes, seconds } from '@toygres/workflow'
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import type { TokenOptions } from './options.ts'

/** How long keys are taken for current without asking, and so how long sign-in outlives an issuer that is away. */
const cacheMs = minutes(60)

const answerMs = seconds(5)

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() })

/** The issuer's keys: fetched when first needed, kept, and fetched again for a key that is not among them. */
export function keySetOf({ issuer, jwksUrl, jwksCooldownMs }: TokenOptions): JWTVerifyGetKey {
  let found: Promise<JWTVerifyGetKey> | undefined
  const open = async () =>
    createRemoteJWKSet(new URL(jwksUrl ?? (await discover(issuer))), {
      cooldownDuration: jwksCooldownMs,
      cacheMaxAge: cacheMs,
      timeoutDuration: answerMs,
    })
  return async (...asked) => {
    found ??= open()
    try {
      return await (
        await found
      )(...asked)
    } catch (error) {
      // A discovery that failed is tried again; a key set takes care of itself.
      const opened = await found.then(
        () => true,
        () => false,
      )
      if (!opened) found = undefined
      throw error
    }
  }
}

async function discover(issuer: string): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const response = await fetch(url, { signal: AbortSignal.timeout(answerMs), redirect: 'error' })
  if (!response.ok) throw new Error(`${url} answers with HTTP ${response.status}`)
  const document = Discovery.parse(await response.json())
  if (document.issuer !== issuer) throw new Error(`${url} is of another issuer: ${document.issuer}`)
  return document.jwks_uri
}
