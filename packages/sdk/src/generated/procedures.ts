// Generated from the API by "npm run generate". Do not edit.

/**
 * How each procedure is called. A `query` reads; a `keyed` change takes an idempotency key, so that it is made once however often
 * it is sent; a `change` takes none; a `stream` is watched.
 */
export const procedures = {
  'audit.list': 'query',
  'drift.list': 'query',
  'health.configure': 'keyed',
  'health.events': 'query',
  'health.get': 'query',
  'health.history': 'query',
  'instances.connection': 'query',
  'instances.create': 'keyed',
  'instances.createMany': 'keyed',
  'instances.delete': 'keyed',
  'instances.deleteMany': 'keyed',
  'instances.get': 'query',
  'instances.list': 'query',
  'instances.logs': 'stream',
  'instances.update': 'keyed',
  'keys.create': 'keyed',
  'keys.get': 'query',
  'keys.list': 'query',
  'keys.revoke': 'keyed',
  'keys.rotate': 'keyed',
  'operations.cancel': 'keyed',
  'operations.get': 'query',
  'operations.list': 'query',
  'operations.retry': 'keyed',
  'operations.watch': 'stream',
  'projects.create': 'keyed',
  'projects.delete': 'keyed',
  'projects.get': 'query',
  'projects.list': 'query',
  'projects.update': 'keyed',
  'system.health': 'query',
  'system.status': 'query',
} as const
