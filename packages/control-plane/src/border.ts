import { abandoned } from './abandoned.ts'
import type { ControlPlane } from './control-plane.ts'
import { refusalFor } from './refusal-for.ts'

/**
 * The control plane as transports see it, for one call where there is a signal: what goes wrong below it becomes a refusal.
 * Of what it has, a call asks for one thing or two: that alone is made for it.
 */
export function atBorder(plane: ControlPlane, signal?: AbortSignal): ControlPlane {
  const refusing = <Answer>(answer: Promise<Answer>) => refusingOne(answer, signal)
  const refusingStream = <Event>(events: AsyncIterable<Event>) => refusingEach(events, signal)
  return {
    get instances(): ControlPlane['instances'] {
      const { instances } = plane
      return {
        create: (...call) => refusing(instances.create(...call)),
        planCreate: (...call) => refusing(instances.planCreate(...call)),
        get: (...call) => refusing(instances.get(...call)),
        list: (...call) => refusing(instances.list(...call)),
        update: (...call) => refusing(instances.update(...call)),
        planUpdate: (...call) => refusing(instances.planUpdate(...call)),
        delete: (...call) => refusing(instances.delete(...call)),
        planDelete: (...call) => refusing(instances.planDelete(...call)),
        stop: (...call) => refusing(instances.stop(...call)),
        planStop: (...call) => refusing(instances.planStop(...call)),
        start: (...call) => refusing(instances.start(...call)),
        planStart: (...call) => refusing(instances.planStart(...call)),
        createMany: (...call) => refusing(instances.createMany(...call)),
        deleteMany: (...call) => refusing(instances.deleteMany(...call)),
        logs: (...call) => refusingStream(instances.logs(...call)),
        watch: (...call) => refusingStream(instances.watch(...call)),
        connection: (...call) => refusing(instances.connection(...call)),
      }
    },
    get operations(): ControlPlane['operations'] {
      const { operations } = plane
      return {
        get: (...call) => refusing(operations.get(...call)),
        wait: (...call) => refusing(operations.wait(...call)),
        list: (...call) => refusing(operations.list(...call)),
        events: (...call) => refusing(operations.events(...call)),
        graph: (...call) => refusing(operations.graph(...call)),
        watch: (...call) => refusingStream(operations.watch(...call)),
        cancel: (...call) => refusing(operations.cancel(...call)),
        retry: (...call) => refusing(operations.retry(...call)),
      }
    },
    get health(): ControlPlane['health'] {
      const { health } = plane
      return {
        get: (...call) => refusing(health.get(...call)),
        list: (...call) => refusing(health.list(...call)),
        configure: (...call) => refusing(health.configure(...call)),
        history: (...call) => refusing(health.history(...call)),
        events: (...call) => refusing(health.events(...call)),
      }
    },
    get drift(): ControlPlane['drift'] {
      const { drift } = plane
      return { list: (...call) => refusing(drift.list(...call)) }
    },
    get keys(): ControlPlane['keys'] {
      const { keys } = plane
      return {
        list: (...call) => refusing(keys.list(...call)),
        create: (...call) => refusing(keys.create(...call)),
        get: (...call) => refusing(keys.get(...call)),
        revoke: (...call) => refusing(keys.revoke(...call)),
        rotate: (...call) => refusing(keys.rotate(...call)),
      }
    },
    get projects(): ControlPlane['projects'] {
      const { projects } = plane
      return {
        list: (...call) => refusing(projects.list(...call)),
        get: (...call) => refusing(projects.get(...call)),
        create: (...call) => refusing(projects.create(...call)),
        update: (...call) => refusing(projects.update(...call)),
        delete: (...call) => refusing(projects.delete(...call)),
      }
    },
    get webhooks(): ControlPlane['webhooks'] {
      const { webhooks } = plane
      return {
        list: (...call) => refusing(webhooks.list(...call)),
        get: (...call) => refusing(webhooks.get(...call)),
        create: (...call) => refusing(webhooks.create(...call)),
        update: (...call) => refusing(webhooks.update(...call)),
        delete: (...call) => refusing(webhooks.delete(...call)),
        deliveries: (...call) => refusing(webhooks.deliveries(...call)),
        redeliver: (...call) => refusing(webhooks.redeliver(...call)),
      }
    },
    get audit(): ControlPlane['audit'] {
      const { audit } = plane
      return {
        list: (...call) => refusing(audit.list(...call)),
        refused: (...call) => refusing(audit.refused(...call)),
      }
    },
    get sessions(): ControlPlane['sessions'] {
      const { sessions } = plane
      return {
        open: (...call) => refusing(sessions.open(...call)),
        find: (...call) => refusing(sessions.find(...call)),
        authenticate: (...call) => refusing(sessions.authenticate(...call)),
        close: (...call) => refusing(sessions.close(...call)),
      }
    },
    get system(): ControlPlane['system'] {
      const { system } = plane
      return {
        health: (...call) => refusing(system.health(...call)),
        status: (...call) => refusing(system.status(...call)),
        activity: (...call) => refusing(system.activity(...call)),
      }
    },
    authenticate: (...call) => refusing(plane.authenticate(...call)),
    during: (call) => plane.during(call),
  }
}

async function refusingOne<Answer>(
  answer: Promise<Answer>,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  try {
    return await (signal === undefined ? answer : orAborted(answer, signal))
  } catch (error) {
    throw signal?.aborted ? abandoned(signal) : refusalFor(error)
  }
}

/** Nobody waits for an answer that comes too late, be it for a place in a queue. */
async function orAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(signal.reason)
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([answer, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
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
