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

// Each begins with a bounded number of characters: a log may have a word of a megabyte.

/** `password`, `PGPASSWORD`, `metadataPassword`: with what follows the word, its quotes escaped however often. */
const passwordWord = String.raw`(\w{0,40}passw(?:or)?d[\\"']*`

/**
 * What stands between quotes: a quote that is escaped or doubled is a part of it, and where that can be read in two ways, both are.
 * Also where the end was cut off.
 */
const quotedText = (quote: string) => String.raw`(?:\\?${quote}${quote}|\\.|[^\\${quote}\n])*`

const patterns: readonly (readonly [RegExp, string])[] = [
  [/toygres_([0-9a-f]{16})_[\w-]+/g, `toygres_$1_${gone}`],
  [/whsec_[\w+/=-]+/g, `whsec_${gone}`],
  [/(\b[a-z][\w+.-]{0,20}:\/\/[^\s:@/"']+:)[^\s"']+@/gi, `$1${gone}@`],
  // JSON within a string of JSON.
  [new RegExp(String.raw`${passwordWord}\s*[:=]\s*\\+")(?:\\\\\\?.|[^\\\n])*`, 'gi'), `$1${gone}`],
  // SQL has nothing between but a space.
  [new RegExp(String.raw`${passwordWord}(?:\s*[:=]\s*|\s+)")${quotedText('"')}`, 'gi'), `$1${gone}`],
  [new RegExp(String.raw`${passwordWord}(?:\s*[:=]\s*|\s+)')${quotedText("'")}`, 'gi'), `$1${gone}`],
  [
    new RegExp(String.raw`${passwordWord}\s*[:=]\s*)(?!(?:null|true|false)\b)[^\s"'\\][^\s"']*`, 'gi'),
    `$1${gone}`,
  ],
  [/SCRAM-SHA-256\$[^\s"']+/g, `SCRAM-SHA-256$${gone}`],
  [/(authorization["']?\s*[:=]\s*["']?(?:bearer|basic)\s+)[^\s"']+/gi, `$1${gone}`],
]
