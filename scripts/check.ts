import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestCluster, type TestCluster } from './kind-cluster.ts'
import type { Failure, Told, TestReport } from './test-reporter.ts'

/** What must hold before a change may land, in the order in which a failure is cheapest to hear of. */
const checks: Record<string, readonly string[]> = {
  format: ['oxfmt', '--check'],
  lint: ['oxlint', '--type-aware', '--deny-warnings'],
  types: ['tsc', '--noEmit', '-p', 'tsconfig.json'],
  'generated files': ['npm', 'run', '--silent', 'generate', '--', '--check'],
  'types of the console': ['tsc', '--noEmit', '-p', 'apps/console/tsconfig.json'],
  'dependency rules': ['depcruise', '--no-progress', '--output-type', 'err', 'packages', 'apps', 'test'],
  'unused code': ['knip', '--no-progress'],
  'file sizes': ['node', 'scripts/file-sizes.ts'],
}

/** Files that failed, up to which they are given a second chance: more are no accident. */
const mostToRepeat = 3

// `./toygres test PATTERN ...` runs only the tests whose file matches; without, everything. With `--kind`, those on a cluster too.
const onCluster = process.argv.includes('--kind')
const patterns = process.argv.slice(2).filter((word) => word !== '--kind')
const failed: string[] = []
if (patterns.length === 0) {
  await requireTypeScript7()
  for (const [name, command] of Object.entries(checks)) if (!(await holds(name, command))) failed.push(name)
}
await using cluster = onCluster ? await openTestCluster() : null
const first = await runTests(patterns)
const again = await runAgain(first)
const isFlaky = (failure: Failure) =>
  again?.passed.some((other) => nameOf(other) === nameOf(failure)) ?? false
const flaky = first.failed.filter(isFlaky)
const broken = [...first.failed, ...(again?.failed ?? [])].filter((failure) => !isFlaky(failure))
failed.push(...new Map(broken.map((failure) => [nameOf(failure), inWords(failure)])).values())
failed.push(...first.unhandled, ...(again?.unhandled ?? []))
// A test that was not run is named, so that nobody takes it for one that passed.
for (const what of first.skipped) console.log(`skipped: ${what}`)
if (!onCluster) console.log('Tests on a Kubernetes cluster run with "./toygres test --kind".')
// Last, since a log of CI may be kept by its end only.
for (const failure of flaky) console.log(`FLAKY, passed when it was run again alone: ${inWords(failure)}`)
for (const what of failed) console.log(`FAILED: ${what}`)
console.log(
  `${first.passed.length + flaky.length} passed, ${failed.length} failed, ${first.skipped.length} skipped`,
)
process.exitCode = failed.length === 0 ? 0 : 1

/** Says only that it holds, and how long it took; all it printed when it does not. */
async function holds(name: string, command: readonly string[]): Promise<boolean> {
  const began = performance.now()
  const { code, output } = await run(command)
  const took = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${took} s)`)
  if (code !== 0) console.log(output)
  return code === 0
}

async function runTests(args: readonly string[]): Promise<TestReport> {
  const directory = await mkdtemp(join(tmpdir(), 'toygres-check-'))
  const file = join(directory, 'tests.json')
  try {
    const reporters = ['--reporter=default', `--reporter=${join(import.meta.dirname, 'test-reporter.ts')}`]
    const { code } = await run(['vitest', 'run', ...reporters, ...args], {
      inherit: true,
      env: { ...(cluster && envOf(cluster)), TOYGRES_TEST_REPORT: file },
    })
    const report = await readFile(file, 'utf8').then(
      (text) => JSON.parse(text) as TestReport,
      // Without a report nothing is known to hold.
      (): TestReport => ({ passed: [], skipped: [], failed: [], unhandled: [] }),
    )
    if (code !== 0 && report.failed.length + report.unhandled.length === 0)
      report.unhandled.push(`vitest ended with ${code}, see above`)
    return report
  } finally {
    await rm(directory, { recursive: true })
  }
}

/**
 * Hundreds of real servers and processes share two cores here. A test that fails once and holds when its file has the machine for
 * itself is named as flaky, to be mended, and does not hold up what has nothing to do with it.
 */
async function runAgain({ failed }: TestReport): Promise<TestReport | null> {
  const files = [...new Set(failed.map(({ file }) => file))]
  if (files.length === 0 || files.length > mostToRepeat) return null
  console.log(`\nonce more, each alone: ${files.join(', ')}`)
  const options = patterns.filter((word) => word.startsWith('-'))
  const projects = [...new Set(failed.map(({ project }) => project))].map((name) => `--project=${name}`)
  return runTests([
    ...options,
    ...projects.filter((word) => word !== '--project='),
    '--maxWorkers=1',
    ...files,
  ])
}

function nameOf({ project, file, test }: Told): string {
  return `${project} ${file}: ${test}`
}

function inWords(failure: Failure): string {
  return `${nameOf(failure)}\n${failure.why}`
}

const envOf = ({ kubeconfig, isOurs }: TestCluster): NodeJS.ProcessEnv => ({
  TOYGRES_TEST_KUBECONFIG: kubeconfig,
  ...(isOurs && { TOYGRES_TEST_OWNS_CLUSTER: '1' }),
})

/** Another package's `tsc` may win the name in node_modules/.bin: that compiles too, ten times slower. */
async function requireTypeScript7(): Promise<void> {
  const { output } = await run(['tsc', '--version'])
  if (output.startsWith('Version 7')) return
  console.log(`FAIL "tsc" is ${output.trim()}, not TypeScript 7: reinstall with "npm ci"`)
  process.exit(1)
}

function run(
  [program = '', ...args]: readonly string[],
  { inherit = false, env = {} }: { inherit?: boolean; env?: NodeJS.ProcessEnv } = {},
): Promise<{ code: number; output: string }> {
  const path = `${join(import.meta.dirname, '../node_modules/.bin')}:${process.env['PATH']}`
  const child = spawn(program, args, {
    env: { ...process.env, ...env, PATH: path },
    stdio: inherit ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
