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

  /** Makes the passwords of an instance, unless it has them. */
  async generate(tx: ISql, instanceId: string): Promise<void> {
    await tx`insert into instance_credentials (instance_id, sealed_password, sealed_monitor_password)
      values (${instanceId}, ${this.#sealer.seal(newPassword(), instanceId)}, ${this.#newMonitorPassword(instanceId)})
      on conflict do nothing`
  }

  /** Of the role that health checks log in as; made for an instance that has none yet. */
  async monitorPassword(instanceId: string): Promise<string> {
    const [row] = await this.#sql<{ sealed: Buffer }[]>`
      update instance_credentials
      set sealed_monitor_password = coalesce(sealed_monitor_password, ${this.#newMonitorPassword(instanceId)})
      where instance_id = ${instanceId} returning sealed_monitor_password as sealed`
    if (row === undefined) throw new Error(`instance ${instanceId} has no password: it was deleted`)
    return this.openMonitorPassword(instanceId, row.sealed)
  }

  openMonitorPassword(instanceId: string, sealed: Uint8Array): string {
    return this.#sealer.open(sealed, monitorOf(instanceId))
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

  #newMonitorPassword(instanceId: string): Buffer {
    return this.#sealer.seal(newPassword(), monitorOf(instanceId))
  }
}

/** 192 random bits in letters that need no escaping in a URL, a file or a shell. */
const newPassword = (): string => randomBytes(24).toString('base64url')

/** The two passwords of an instance cannot be taken for each other. */
const monitorOf = (instanceId: string): string => `${instanceId}/monitor`
