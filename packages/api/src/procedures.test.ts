import { Permission } from '@toygres/schema'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { endpoints } from './rest/endpoints.ts'
import { appRouter } from './router.ts'

const Declared = z.object({
  type: z.enum(['query', 'mutation', 'subscription']),
  meta: z
    .object({ rest: z.unknown() })
    .and(z.object({ permission: Permission }).or(z.object({ public: z.literal(true) }))),
  output: z.instanceof(z.ZodType),
})

/* oxlint-disable no-underscore-dangle -- where tRPC keeps what was declared */

/** Flat, by path, whatever its type says. */
const procedures = z
  .record(
    z.string(),
    z.custom<{ _def: unknown }>((value) => typeof value === 'function'),
  )
  .parse(appRouter._def.procedures)
const paths = Object.keys(procedures)
const declared = (path: string) => Declared.parse(procedures[path]?._def)

test('the API offers what its users were promised', () => {
  expect(paths.map((path) => `${declared(path).type} ${path}`).toSorted()).toEqual([
    'mutation health.configure',
    'mutation instances.create',
    'mutation instances.createMany',
    'mutation instances.delete',
    'mutation instances.deleteMany',
    'mutation instances.start',
    'mutation instances.stop',
    'mutation instances.update',
    'mutation keys.create',
    'mutation keys.revoke',
    'mutation keys.rotate',
    'mutation operations.cancel',
    'mutation operations.retry',
    'mutation projects.create',
    'mutation projects.delete',
    'mutation projects.update',
    'mutation webhooks.create',
    'mutation webhooks.delete',
    'mutation webhooks.redeliver',
    'mutation webhooks.update',
    'query audit.list',
    'query drift.list',
    'query health.events',
    'query health.get',
    'query health.history',
    'query health.list',
    'query instances.connection',
    'query instances.get',
    'query instances.list',
    'query keys.get',
    'query keys.list',
    'query operations.events',
    'query operations.get',
    'query operations.graph',
    'query operations.list',
    'query projects.get',
    'query projects.list',
    'query system.activity',
    'query system.health',
    'query system.status',
    'query webhooks.deliveries',
    'query webhooks.get',
    'query webhooks.list',
    'subscription instances.logs',
    'subscription instances.watch',
    'subscription operations.watch',
  ])
})

test.each(paths)('%s declares who may call it, and what comes out', (path) => {
  expect(() => declared(path)).not.toThrow()
})

/** Procedures without a place in the REST API, and why. */
const notInRest: Record<string, string> = {}

test.each(paths)('%s has a place in the REST API, or a reason why not', (path) => {
  const { rest } = declared(path).meta
  expect(
    rest !== undefined || path in notInRest,
    `add .meta(rest('GET /path', 'What it does')) to ${path}`,
  ).toBe(true)
})

test('no two procedures have one place', () => {
  const places = endpoints.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`)
  expect(places).toEqual([...new Set(places)])
})

test.each(endpoints)('$method $path names fields that $procedure takes', ({ path, input }) => {
  const fields = [...path.matchAll(/\{(\w+)\}/g)].map(([, field]) => field)
  expect(Object.keys(input.shape)).toEqual(expect.arrayContaining(fields))
})

test.each([
  'POST /instances',
  'GET /instances',
  'GET /instances/{id}',
  'DELETE /instances/{id}',
  'GET /operations/{id}',
  'GET /health',
])('%s is there, as it was in the first Toygres', (line) => {
  expect(endpoints.map(({ method, path }) => `${method} ${path}`)).toContain(line)
})

test('only the health check is open to everybody', () => {
  expect(paths.filter((path) => 'public' in declared(path).meta)).toEqual(['system.health'])
})
