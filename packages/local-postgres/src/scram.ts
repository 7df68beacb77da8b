import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

/** PostgreSQL's own default. */
const usualIterations = 4096

export interface VerifierOptions {
  readonly salt?: Buffer
  /** Slow down whoever guesses passwords; and whoever logs in. */
  readonly iterations?: number
}

/** What PostgreSQL stores for a password, as it would compute it: the password cannot be told from it (RFC 5803). */
export async function scramVerifier(
  password: string,
  { salt = randomBytes(16), iterations = usualIterations }: VerifierOptions = {},
): Promise<string> {
  const salted = await promisify(pbkdf2)(password.normalize('NFKC'), salt, iterations, 32, 'sha256')
  const storedKey = createHash('sha256').update(hmac(salted, 'Client Key')).digest('base64')
  const serverKey = hmac(salted, 'Server Key').toString('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${serverKey}`
}

function hmac(key: Buffer, message: string): Buffer {
  return createHmac('sha256', key).update(message).digest()
}
