import { abandoned } from './abandoned.ts'
import type { CallScope, ControlPlane } from './control-plane.ts'
import { refusalFor } from './refusal-for.ts'

/**
 * The control plane as transports see it, for one call where there is a signal: what goes wrong below it becomes a refusal.
 * Of what it has, a call asks for one thing or two: that alone is made for it. A class, because V8 makes the getters of an
 * object for good, so that each call would stay until a major collection with all that it refers to.
 */
export class AtBorder implements ControlPlane {
  readonly #plane: ControlPlane
  readonly #signal: AbortSignal | undefined

  constructor(plane: ControlPlane, signal?: AbortSignal) {
    this.#plane = plane
    this.#signal = signal
  }

  get instances(): ControlPlane['instances'] {
    const { instances } = this.#plane
    return {
      create: (...call) => this.#refusing(instances.create(...call)),
      planCreate: (...call) => this.#refusing(instances.planCreate(...call)),
      get: (...call) => this.#refusing(instances.get(...call)),
      list: (...call) => this.#refusing(instances.list(...call)),
      update: (...call) => this.#refusing(instances.update(...call)),
      planUpdate: (...call) => this.#refusing(instances.planUpdate(...call)),
      delete: (...call) => this.#refusing(instances.delete(...call)),
      planDelete: (...call) => this.#refusing(instances.planDelete(...call)),
      stop: (...call) => this.#refusing(instances.stop(...call)),
      planStop: (...call) => this.#refusing(instances.planStop(...call)),
      start: (...call) => this.#refusing(instances.start(...call)),
      planStart: (...call) => this.#refusing(instances.planStart(...call)),
      createMany: (...call) => this.#refusing(instances.createMany(...call)),
      deleteMany: (...call) => this.#refusing(instances.deleteMany(...call)),
      logs: (...call) => this.#refusingStream(instances.logs(...call)),
      watch: (...call) => this.#refusingStream(instances.watch(...call)),
      connection: (...call) => this.#refusing(instances.connection(...call)),
    }
  }

  get operations(): ControlPlane['operations'] {
    const { operations } = this.#plane
    return {
      get: (...call) => this.#refusing(operations.get(...call)),
      wait: (...call) => this.#refusing(operations.wait(...call)),
      list: (...call) => this.#refusing(operations.list(...call)),
      events: (...call) => this.#refusing(operations.events(...call)),
      graph: (...call) => this.#refusing(operations.graph(...call)),
      watch: (...call) => this.#refusingStream(operations.watch(...call)),
      cancel: (...call) => this.#refusing(operations.cancel(...call)),
      retry: (...call) => this.#refusing(operations.retry(...call)),
    }
  }

  get health(): ControlPlane['health'] {
    const { health } = this.#plane
    return {
      get: (...call) => this.#refusing(health.get(...call)),
      list: (...call) => this.#refusing(health.list(...call)),
      configure: (...call) => this.#refusing(health.configure(...call)),
      history: (...call) => this.#refusing(health.history(...call)),
      events: (...call) => this.#refusing(health.events(...call)),
    }
  }

  get drift(): ControlPlane['drift'] {
    const { drift } = this.#plane
    return { list: (...call) => this.#refusing(drift.list(...call)) }
  }

  get keys(): ControlPlane['keys'] {
    const { keys } = this.#plane
    return {
      list: (...call) => this.#refusing(keys.list(...call)),
      create: (...call) => this.#refusing(keys.create(...call)),
      get: (...call) => this.#refusing(keys.get(...call)),
      revoke: (...call) => this.#refusing(keys.revoke(...call)),
      rotate: (...call) => this.#refusing(keys.rotate(...call)),
    }
  }

  get projects(): ControlPlane['projects'] {
    const { projects } = this.#plane
    return {
      list: (...call) => this.#refusing(projects.list(...call)),
      get: (...call) => this.#refusing(projects.get(...call)),
      create: (...call) => this.#refusing(projects.create(...call)),
      update: (...call) => this.#refusing(projects.update(...call)),
      delete: (...call) => this.#refusing(projects.delete(...call)),
    }
  }

  get webhooks(): ControlPlane['webhooks'] {
    const { webhooks } = this.#plane
    return {
      list: (...call) => this.#refusing(webhooks.list(...call)),
      get: (...call) => this.#refusing(webhooks.get(...call)),
      create: (...call) => this.#refusing(webhooks.create(...call)),
      update: (...call) => this.#refusing(webhooks.update(...call)),
      delete: (...call) => this.#refusing(webhooks.delete(...call)),
      deliveries: (...call) => this.#refusing(webhooks.deliveries(...call)),
      redeliver: (...call) => this.#refusing(webhooks.redeliver(...call)),
    }
  }

  get audit(): ControlPlane['audit'] {
    const { audit } = this.#plane
    return {
      list: (...call) => this.#refusing(audit.list(...call)),
      refused: (...call) => this.#refusing(audit.refused(...call)),
    }
  }

  get sessions(): ControlPlane['sessions'] {
    const { sessions } = this.#plane
    return {
      open: (...call) => this.#refusing(sessions.open(...call)),
      find: (...call) => this.#refusing(sessions.find(...call)),
      authenticate: (...call) => this.#refusing(sessions.authenticate(...call)),
      close: (...call) => this.#refusing(sessions.close(...call)),
    }
  }

  get system(): ControlPlane['system'] {
    const { system } = this.#plane
    return {
      health: (...call) => this.#refusing(system.health(...call)),
      status: (...call) => this.#refusing(system.status(...call)),
      activity: (...call) => this.#refusing(system.activity(...call)),
    }
  }

  authenticate(...call: Parameters<ControlPlane['authenticate']>): ReturnType<ControlPlane['authenticate']> {
    return this.#refusing(this.#plane.authenticate(...call))
  }

  during(call: CallScope): ControlPlane {
    return this.#plane.during(call)
  }

  #refusing<Answer>(answer: Promise<Answer>): Promise<Answer> {
    return refusingOne(answer, this.#signal)
  }

  #refusingStream<Event>(events: AsyncIterable<Event>): AsyncGenerator<Event, void> {
    return refusingEach(events, this.#signal)
  }
}

/** Nobody waits for an answer that comes too late, be it for a place in a queue. */
function refusingOne<Answer>(answer: Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const abort = () => signal && reject(abandoned(signal))
  const settle = () => signal?.removeEventListener('abort', abort)
  if (signal?.aborted) abort()
  else signal?.addEventListener('abort', abort)
  answer.then(
    (given) => {
      settle()
      resolve(given)
    },
    (error: unknown) => {
      settle()
      reject(refusalFor(error))
    },
  )
  return promise
}

async function* refusingEach<Event>(
  events: AsyncIterable<Event>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Event, void> {
  try {
    yield* events
  } catch (error) {
    throw signal?.aborted ? abandoned(signal) : refusalFor(error)
  }
}
