import { writeFileSync } from 'node:fs'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** What `check.ts` knows of a run. */
export interface TestReport {
  passed: number
  skipped: string[]
  failed: Failure[]
  /** Errors that no test and no file is to blame for. */
  unhandled: string[]
}

export interface Failure {
  project: string
  file: string
  /** Empty where the file itself could not be run. */
  test: string
  /** Its first lines; the rest is where vitest told it. */
  why: string
}

interface Thrown {
  readonly message: string
  readonly stack?: string | undefined
}

/** Writes a `TestReport` to the file that `TOYGRES_TEST_REPORT` names. */
export default class TestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly Thrown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const inState = (state: string) => tests.filter((test) => test.result().state === state)
    const report: TestReport = {
      passed: inState('passed').length,
      skipped: inState('skipped').map((test) => `${test.module.relativeModuleId}: ${test.fullName}`),
      failed: [...modules.flatMap(ofModule), ...inState('failed').map(ofTest)],
      unhandled: unhandled.map(beginningOf),
    }
    writeFileSync(process.env['TOYGRES_TEST_REPORT'] ?? '', JSON.stringify(report))
  }
}

/** A set-up of all its tests, or its loading, failed: where that is told by no test. */
function ofModule(module: TestModule): Failure[] {
  const errors = module.errors()
  return errors.length === 0 ? [] : [failure(module, '', errors)]
}

const ofTest = (test: TestCase): Failure => failure(test.module, test.fullName, test.result().errors ?? [])

const failure = (module: TestModule, test: string, errors: readonly Thrown[]): Failure => ({
  project: module.project.name,
  file: module.relativeModuleId,
  test,
  why: errors.map(beginningOf).join('\n'),
})

/** Without the frames of vitest itself. */
const beginningOf = ({ message, stack = message }: Thrown): string =>
  stack
    .split('\n')
    .filter((line) => !line.includes('node_modules'))
    .slice(0, 12)
    .join('\n')
    .slice(0, 1500)
