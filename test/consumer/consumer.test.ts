import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
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
    ['TypeScript 5.9', 'typescript-5.9/bin/tsc', { module: 'nodenext' }],
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

  test('they are cheap to check, by what the compiler counts', async () => {
    await writeFile(join(installed.folder, 'nothing.ts'), 'export {}\n')
    async function counted(file: string) {
      const project = join(installed.folder, `${file}.tsconfig.json`)
      const compilerOptions = { ...strict, module: 'nodenext' }
      await writeFile(project, JSON.stringify({ compilerOptions, files: [file] }))
      const report = await installed.run(
        tool('@typescript/native/bin/tsc'),
        '-p',
        project,
        '--extendedDiagnostics',
      )
      const count = (what: string) => Number(new RegExp(`^${what}:\\s+(\\d+)`, 'm').exec(report)?.[1])
      return { instantiations: count('Instantiations'), types: count('Types') }
    }
    const [used, nothing] = [await counted('use.ts'), await counted('nothing.ts')]
    expect(used.instantiations - nothing.instantiations).toBeLessThan(4_000)
    expect(used.types - nothing.types).toBeLessThan(4_000)
  }, 60_000)

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
    'kubernetes',
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

test('it is small: 15 KB at most as it travels', async () => {
  const gzipped = async (file: string) => gzipSync(await readFile(join(built, file))).length
  expect(await gzipped('index.js')).toBeLessThan(15_000)
  expect(await gzipped('index.d.ts')).toBeLessThan(15_000)
})

test('what users can rely on changes only on purpose: update the golden file with "npx vitest -u test/consumer"', async () => {
  const declarations = await readFile(join(built, 'index.d.ts'), 'utf8')
  await expect(declarations).toMatchFileSnapshot('golden/index.d.ts')
})

test('publint finds nothing to say', async () => {
  await installed.run(tool('publint/src/cli.js'), '--strict', built)
}, 60_000)

test('every way of importing it finds its types', async () => {
  await installed.run(tool('@arethetypeswrong/cli/dist/index.js'), '--pack', built, '--profile', 'esm-only')
}, 60_000)
