import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Seals secrets for storage: AES-256-GCM, bound to the row that they belong to. */
export interface Sealer {
  seal(secret: string, owner: string): Buffer
  /** @throws if the key is another one, or the sealed bytes were changed or moved to another owner */
  open(sealed: Uint8Array, owner: string): string
}

const version = 1
const nonceBytes = 12
const tagBytes = 16

/** @param key 32 bytes */
export function createSealer(key: Uint8Array): Sealer {
  if (key.length !== 32) throw new TypeError('a sealing key has 32 bytes')
  return {
    seal(secret, owner) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner))
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([Buffer.of(version), nonce, cipher.getAuthTag(), sealed])
    },
    open(sealed, owner) {
      if (sealed[0] !== version) throw new Error('sealed by an unknown version of Toygres')
      const nonce = sealed.subarray(1, 1 + nonceBytes)
      const tag = sealed.subarray(1 + nonceBytes, 1 + nonceBytes + tagBytes)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(owner)).setAuthTag(tag)
      const secret = decipher.update(sealed.subarray(1 + nonceBytes + tagBytes))
      return Buffer.concat([secret, decipher.final()]).toString('utf8')
    },
  }
}
