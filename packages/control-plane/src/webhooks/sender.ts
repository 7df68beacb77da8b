import { Bell, seconds, type Logger } from '@toygres/workflow'
import type { PgBoss } from 'pg-boss'
import type { Sql } from 'postgres'
import type { Sealer } from '../sealing.ts'
import { post } from './post.ts'
import { namesOfReceivers } from './receivers.ts'
import { webhookChannel } from './queue.ts'
import { recordAttempt, releaseClaim, type Outcome } from './record.ts'
import { webhookOwner } from './rows.ts'
import { signedHeaders } from './signature.ts'
import { takeTurn, type Claim, type Room } from './turn.ts'

/** Events that one process sends at once; and of these, to webhooks that failed last. */
const mostAtOnce = 32
const mostFailingAtOnce = 8

/** For the connection, the message and the answer together. */
const attemptMs = seconds(10)

/** A retry is at most so late, and a lost announcement costs so much. */
const pollMs = seconds(5)

export interface SenderOptions {
  readonly sql: Sql
  readonly boss: PgBoss
  readonly sealer: Sealer
  readonly allowPrivateAddresses: boolean
  readonly logger: Logger
}

/** Sends events to webhooks: at least once, those of one resource in order. */
export class WebhookSender {
  readonly #options: SenderOptions
  readonly #bell = new Bell()
  readonly #resolve = namesOfReceivers()
  readonly #stopping = new AbortController()
  readonly #sending = new Map<Claim, Promise<void>>()
  #loop: Promise<void> = Promise.resolve()
  #unlisten: () => Promise<void> = async () => {}

  constructor(options: SenderOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    const listening = await this.#options.sql.listen(webhookChannel, this.#bell.ring, this.#bell.ring)
    this.#unlisten = listening.unlisten
    this.#loop = this.#run()
  }

  /** What is being sent is cut off, and left to whoever comes next. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#bell.ring()
    await this.#loop
    await Promise.all(this.#sending.values())
    await this.#unlisten()
  }

  async #run(): Promise<void> {
    const { sql, boss, logger } = this.#options
    while (!this.#stopping.signal.aborted) {
      try {
        for (const claim of await takeTurn(sql, boss, this.#room())) this.#begin(claim)
      } catch (error) {
        logger.warn({ err: error }, 'webhooks wait until the metadata database answers')
      }
      await this.#bell.wait(pollMs)
    }
  }

  #room(): Room {
    const failing = [...this.#sending.keys()].filter(({ job }) => job.failing).length
    return { most: mostAtOnce - this.#sending.size, mostFailing: mostFailingAtOnce - failing }
  }

  #begin(claim: Claim): void {
    const sent = this.#send(claim)
      .catch((error: unknown) =>
        this.#options.logger.warn(
          { err: error, deliveryId: claim.deliveryId },
          'how an event was sent could not be written down: it is sent again',
        ),
      )
      .finally(() => {
        this.#sending.delete(claim)
        this.#bell.ring()
      })
    this.#sending.set(claim, sent)
  }

  async #send(claim: Claim): Promise<void> {
    const { sql, boss } = this.#options
    const outcome = await this.#attempt(claim)
    if (this.#stopping.signal.aborted && outcome.status === null) return releaseClaim(sql, boss, claim)
    await recordAttempt(sql, boss, claim, outcome)
  }

  async #attempt({
    lane,
    deliveryId: id,
    url,
    sealedSecret,
    body: facts,
    timestamp,
  }: Claim): Promise<Outcome> {
    const { sealer, allowPrivateAddresses } = this.#options
    const signal = AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(attemptMs)])
    try {
      const secret = sealer.open(sealedSecret, webhookOwner(lane.webhookId))
      const body = JSON.stringify(facts)
      const headers = signedHeaders(secret, { id, timestamp, body })
      const resolve = this.#resolve
      const status = await post({ url, headers, body }, { allowPrivateAddresses, resolve, signal })
      return { status, error: null }
    } catch (error) {
      return {
        status: null,
        error: signal.aborted ? `no answer within ${attemptMs / 1000} s` : reasonOf(error),
      }
    }
  }
}

const longestReason = 200

/** A connection that was tried at several addresses fails with all of their errors together. */
function reasonOf(error: unknown): string {
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [error]
  return (first instanceof Error ? first.message : String(first)).slice(0, longestReason)
}
