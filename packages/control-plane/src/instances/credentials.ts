import { randomBytes } from 'node:crypto'
import type { ISql, Sql } from 'postgres'
import { z } from 'zod'
import { fromMetadata } from '../database/away.ts'
import type { Sealer } from '../sealing.ts'

/** The passwords in the database were sealed under another key than the one we were given. */
export class WrongSealingKey extends Error {
  override readonly name = 'WrongSealingKey'
  constructor() {
    super('the passwords in the metadata database were sealed under another key')
  }
}

const keyCheck = 'sealing-key'
const Sealed = z.object({ sealed: z.instanceof(Uint8Array) })

/** The passwords of instances: in clear only in memory, sealed in the database. */
export class Credentials {
  readonly #sql: Sql
  readonly #sealer: Sealer

  constructor(sql: Sql, sealer: Sealer) {
    this.#sql = sql
    this.#sealer = sealer
  }

  /**
   * Opens what the first key ever sealed here, or seals it, so that a wrong key is found before it seals a password
   * beside others. Of two first ones with different keys, one is refused.
   * @throws {WrongSealingKey}
   */
  async checkKey(): Promise<void> {
    await this.#sql`insert into sealing_key_check (sealed) values (${this.#sealer.seal(keyCheck, keyCheck)}) on conflict do nothing`
    const [row] = await this.#sql`select sealed from sealing_key_check`
    const { sealed } = Sealed.parse(row)
    try {
      this.#sealer.open(sealed, keyCheck)
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

  /**
   * Of the role that health checks log in as; made for an instance that has none yet. For steps.
   * @throws {MetadataUnavailable}
   */
  async monitorPassword(instanceId: string): Promise<string> {
    const [row] = await fromMetadata(
      () => this.#sql<{ sealed: Buffer }[]>`
        update instance_credentials
        set sealed_monitor_password = coalesce(sealed_monitor_password, ${this.#newMonitorPassword(instanceId)})
        where instance_id = ${instanceId} returning sealed_monitor_password as sealed`,
    )
    if (row === undefined) throw new Error(`instance ${instanceId} has no password: it was deleted`)
    return this.openMonitorPassword(instanceId, row.sealed)
  }

  openMonitorPassword(instanceId: string, sealed: Uint8Array): string {
    return this.#sealer.open(sealed, monitorOf(instanceId))
  }

  /** Null once the instance is deleted. */
  async find(instanceId: string): Promise<string | null> {
    const [row] = await this.#sql`
      select sealed_password as sealed from instance_credentials where instance_id = ${instanceId}`
    return row === undefined ? null : this.#sealer.open(Sealed.parse(row).sealed, instanceId)
  }

  /**
   * For steps, which run only while there is one.
   * @throws {MetadataUnavailable}
   */
  async reveal(instanceId: string): Promise<string> {
    const password = await fromMetadata(() => this.find(instanceId))
    if (password === null) throw new Error(`instance ${instanceId} has no password: it was deleted`)
    return password
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
