import { createAdaptorServer } from '@hono/node-server'
import { createApi } from '@toygres/api'
import { controlPlaneOf, historyOf, memoryLog, operation } from '@toygres/api/testing'
import { ToygresError } from '@toygres/schema'
import { once } from 'node:events'
import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { built, installSdk, repository, type Installed } from './installed-sdk.ts'

// Needs the build: `npx turbo run build --filter=@toygres/sdk`.

let installed: Installed
beforeAll(async () => {
  installed = await installSdk()
}, 60_000)
afterAll(() => installed[Symbol.asyncDispose]())

const tool = (path: string) => join(repository, 'node_modules', path)

test('the package brings nothing along and takes nothing else', async () => {
  expect(
    (await readdir(join(installed.folder, 'node_modules'))).filter((name) => !name.startsWith('.')),
  ).toEqual(['@toygres'])
  expect((await readdir(join(installed.folder, 'node_modules/@toygres/sdk'))).toSorted()).toEqual([
    'README.md',
    'index.d.ts',
    'index.js',
    'package.json',
  ])
})

describe('types', () => {
  const strict = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    types: [],
    noEmit: true,
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
  }

  test.each([
    ['TypeScript 7', '@typescript/native/bin/tsc', { module: 'nodenext' }],
    ['TypeScript 7', '@typescript/native/bin/tsc', { module: 'esnext', moduleResolution: 'bundler' }],
    ['TypeScript 6', 'typescript/bin/tsc', { module: 'nodenext' }],
  ])(
    '%s (%s) checks a strict project, declarations of the package included, with %j',
    async (_, tsc, resolution) => {
      const project = join(installed.folder, 'tsconfig.json')
      await writeFile(
        project,
        JSON.stringify({ compilerOptions: { ...strict, ...resolution }, files: ['use.ts'] }),
      )
      await installed.run(tool(tsc), '-p', project)
    },
    60_000,
  )

  test('they refer to nothing outside themselves', async () => {
    const declarations = await readFile(join(built, 'index.d.ts'), 'utf8')
    expect(declarations).not.toMatch(/^import |\bimport\(|\bfrom ['"]|^\/\/\/ </m)
  })

  test.each([
    'zod',
    'trpc',
    'postgres.js',
    'pg-boss',
    'pgboss',
    '@kubernetes',
    'hono',
    'pino',
    'controlPlane',
    'Context',
    'NodeJS',
  ])('nothing of the server shows in them: no %s', async (word) => {
    const declarations = await readFile(join(built, 'index.d.ts'), 'utf8')
    const comments = /\/\*[^]*?\*\//g
    // Asserted as a number: a failure must not print the whole file.
    expect(declarations.replaceAll(comments, '').split(word).length - 1).toBe(0)
  })

  test('names are the ones that users import, not a bundler’s', async () => {
    const declarations = await readFile(join(built, 'index.d.ts'), 'utf8')
    expect(/^export type \{.*\};$/m.exec(declarations)?.[0]).not.toMatch(/\$\d/)
  })
})

test('the size is kept in view', async () => {
  expect((await stat(join(built, 'index.js'))).size).toBeLessThan(150_000)
  expect((await stat(join(built, 'index.d.ts'))).size).toBeLessThan(90_000)
})

test('publint finds nothing to say', async () => {
  await installed.run(tool('publint/src/cli.js'), '--strict', built)
}, 60_000)

test('every way of importing it finds its types', async () => {
  await installed.run(tool('@arethetypeswrong/cli/dist/index.js'), '--pack', built, '--profile', 'esm-only')
}, 60_000)

test('it runs as installed: calls, streams, dates, errors', async () => {
  const history = historyOf(2)
  const api = createApi({
    logger: memoryLog(),
    controlPlane: controlPlaneOf({
      instances: { get: () => Promise.reject(new ToygresError('INSTANCE_NOT_FOUND', 'there is none')) },
      operations: {
        get: () => Promise.resolve({ ...operation, state: 'succeeded', done: true }),
        watch: async function* (_, __, { afterSeq }) {
          yield* history.slice(afterSeq)
        },
      },
    }),
  })
  const server = createAdaptorServer({ fetch: (request) => api.fetch(request) }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const printed = await installed.run(join(installed.folder, 'run.mjs'), url, 'admin', operation.id)
  expect(JSON.parse(printed)).toEqual({
    seen: [1, 2, 3],
    state: 'succeeded',
    created: true,
    refused: { name: 'NotFoundError', code: 'INSTANCE_NOT_FOUND' },
  })
})
