import { randomBytes, randomUUID } from 'node:crypto'
import type { InstanceSpec } from '@toygres/providers'

/** An instance that nobody else has. */
export function newInstance(given: Partial<InstanceSpec> = {}): InstanceSpec {
  return {
    id: randomUUID(),
    name: `test-${randomBytes(4).toString('hex')}`,
    version: '18',
    password: randomBytes(24).toString('base64url'),
    ...given,
  }
}
