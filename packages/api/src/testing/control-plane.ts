import type {
  AuditLog,
  ControlPlane,
  DriftApi,
  HealthApi,
  Instances,
  Keys,
  Operations,
  Projects,
  Sessions,
  System,
  Webhooks,
} from '@toygres/control-plane'
import { defaultProjectId, type Principal, type Role } from '@toygres/schema'

export interface Answers {
  instances?: Partial<Instances>
  operations?: Partial<Operations>
  health?: Partial<HealthApi>
  drift?: Partial<DriftApi>
  keys?: Partial<Keys>
  audit?: Partial<AuditLog>
  projects?: Partial<Projects>
  webhooks?: Partial<Webhooks>
  sessions?: Partial<Sessions>
  system?: Partial<System>
  authenticate?: ControlPlane['authenticate']
}

/** The other side of the port, for tests of the transport: it gives these answers, and its keys are names of roles. */
export function controlPlaneOf(answers: Answers): ControlPlane {
  const plane: ControlPlane = {
    instances: {
      create: unexpected,
      planCreate: unexpected,
      get: unexpected,
      list: unexpected,
      update: unexpected,
      planUpdate: unexpected,
      delete: unexpected,
      planDelete: unexpected,
      stop: unexpected,
      planStop: unexpected,
      start: unexpected,
      planStart: unexpected,
      createMany: unexpected,
      deleteMany: unexpected,
      logs: unexpectedStream,
      connection: unexpected,
      watch: unexpectedStream,
      ...answers.instances,
    },
    operations: {
      get: unexpected,
      graph: unexpected,
      wait: unexpected,
      list: unexpected,
      events: unexpected,
      cancel: unexpected,
      retry: unexpected,
      watch: unexpectedStream,
      ...answers.operations,
    },
    health: {
      get: unexpected,
      list: unexpected,
      configure: unexpected,
      history: unexpected,
      events: unexpected,
      ...answers.health,
    },
    drift: { list: unexpected, ...answers.drift },
    keys: {
      list: unexpected,
      get: unexpected,
      create: unexpected,
      revoke: unexpected,
      rotate: unexpected,
      ...answers.keys,
    },
    // What is refused is written down in the middle of calls that a test is not about.
    audit: { list: unexpected, refused: () => Promise.resolve(), ...answers.audit },
    projects: {
      list: unexpected,
      get: unexpected,
      create: unexpected,
      update: unexpected,
      delete: unexpected,
      ...answers.projects,
    },
    webhooks: {
      list: unexpected,
      get: unexpected,
      create: unexpected,
      update: unexpected,
      delete: unexpected,
      deliveries: unexpected,
      redeliver: unexpected,
      ...answers.webhooks,
    },
    sessions: {
      open: unexpected,
      find: unexpected,
      authenticate: unexpected,
      close: unexpected,
      ...answers.sessions,
    },
    system: { health: unexpected, status: unexpected, activity: unexpected, ...answers.system },
    authenticate: answers.authenticate ?? ((apiKey) => Promise.resolve(principals[apiKey] ?? null)),
    during: () => plane,
  }
  return plane
}

const holderOf = (role: Role, subject = `api-key:${role}`): Principal => ({
  subject,
  role,
  projectId: defaultProjectId,
  system: true,
})

export const adminOf = (subject: string): Principal => holderOf('admin', subject)

const principals: Record<string, Principal> = {
  viewer: holderOf('viewer'),
  operator: holderOf('operator'),
  admin: holderOf('admin'),
}

const message = 'this test does not expect this call'
const unexpected = () => Promise.reject(new Error(message))
const unexpectedStream = () => {
  throw new Error(message)
}
