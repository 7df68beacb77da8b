const gone = '[redacted]'

/** What is left of a text that strangers may read: without these secrets in any of their forms, and without what looks like one. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.filter((secret) => secret.length >= 8).flatMap(formsOf))].toSorted(
    (a, b) => b.length - a.length,
  )
  return (text) => {
    let redacted = text
    for (const form of forms) redacted = redacted.replaceAll(form, gone)
    for (const [pattern, replacement] of patterns) redacted = redacted.replaceAll(pattern, replacement)
    return redacted
  }
}

/** As it is, in a URL, in JSON, and as others may have encoded it. */
const formsOf = (secret: string): string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('base64url'),
  ...(/^[A-Za-z0-9+/]+=*$/.test(secret)
    ? [Buffer.from(secret, 'base64').toString('hex'), Buffer.from(secret, 'base64').toString('base64url')]
    : []),
]

const patterns: readonly (readonly [RegExp, string])[] = [
  [/toygres_([0-9a-f]{16})_[\w-]+/g, `toygres_$1_${gone}`],
  [/(postgres(?:ql)?:\/\/[^\s:@/"']+):[^\s@/"']+@/g, `$1:${gone}@`],
  [/(\bpassword\b["']?\s*[:=]?\s*["'])[^"']+/gi, `$1${gone}`],
  [/SCRAM-SHA-256\$[^\s"']+/g, `SCRAM-SHA-256$${gone}`],
  [/(authorization["']?\s*[:=]\s*["']?(?:bearer|basic)\s+)[^\s"']+/gi, `$1${gone}`],
]
