import { randomBytes } from 'node:crypto'
import type { ISql, Sql } from 'postgres'
import type { Sealer } from '../sealing.ts'

/** The passwords in the database were sealed under another key than the one we were given. */
export class WrongSealingKey extends Error {
  override readonly name = 'WrongSealingKey'
  constructor() {
    super('the passwords in the metadata database were sealed under another key')
  }
}

/** The passwords of instances: in clear only in memory, sealed in the database. */
export class Credentials {
  readonly #sql: Sql
  readonly #sealer: Sealer

  constructor(sql: Sql, sealer: Sealer) {
    this.#sql = sql
    this.#sealer = sealer
  }

  /**
   * Tries the newest password, so that a wrong key is found before it seals a new one beside it.
   * @throws {WrongSealingKey}
   */
  async checkKey(): Promise<void> {
    const [row] = await this.#sql<{ id: string; sealed: Buffer }[]>`
      select instance_id as id, sealed_password as sealed from instance_credentials order by instance_id desc limit 1`
    try {
      if (row !== undefined) this.#sealer.open(row.sealed, row.id)
    } catch {
      throw new WrongSealingKey()
    }
  }

  /** Makes a password for an instance, unless it has one. */
  async generate(tx: ISql, instanceId: string): Promise<void> {
    // 192 random bits in letters that need no escaping in a URL, a file or a shell.
    const password = randomBytes(24).toString('base64url')
    await tx`insert into instance_credentials (instance_id, sealed_password)
      values (${instanceId}, ${this.#sealer.seal(password, instanceId)}) on conflict do nothing`
  }

  async reveal(instanceId: string): Promise<string> {
    const [row] = await this.#sql<{ sealed: Buffer }[]>`
      select sealed_password as sealed from instance_credentials where instance_id = ${instanceId}`
    if (row === undefined) throw new Error(`instance ${instanceId} has no password: it was deleted`)
    return this.#sealer.open(row.sealed, instanceId)
  }

  async erase(tx: ISql, instanceId: string): Promise<void> {
    await tx`delete from instance_credentials where instance_id = ${instanceId}`
  }
}
