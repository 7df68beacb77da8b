import { generateKeyPairSync, sign } from 'node:crypto'

/** A certificate that no authority knows, and its key, both in PEM: what a server needs to encrypt. */
export function selfSigned(): { readonly certificate: string; readonly key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex')))
  const commonName = sequence(der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from('test')))
  const name = sequence(der(0x31, commonName))
  const validity = sequence(utcTime('200101000000Z'), utcTime('491231235959Z'))
  const toBeSigned = sequence(
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  )
  const signature = der(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', toBeSigned, privateKey)]))
  const lines = sequence(toBeSigned, ecdsaWithSha256, signature)
    .toString('base64')
    .replaceAll(/.{64}/g, '$&\n')
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  }
}

const sequence = (...parts: Buffer[]): Buffer => der(0x30, Buffer.concat(parts))
const utcTime = (at: string): Buffer => der(0x17, Buffer.from(at))

/** A value in the encoding that certificates are written in: its tag, its length, itself. */
function der(tag: number, content: Buffer): Buffer {
  const { length } = content
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  if (length < 0x1_00) return Buffer.concat([Buffer.from([tag, 0x81, length]), content])
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content])
}
