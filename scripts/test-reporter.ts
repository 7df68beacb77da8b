import { writeFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** What `check.ts` knows of a run. */
export interface TestReport {
  passed: Told[]
  skipped: string[]
  failed: Failure[]
  /** Errors that no test and no file is to blame for. */
  unhandled: string[]
}

export interface Told {
  project: string
  file: string
  /** The name of a group where its set-up failed, which no test of it tells; empty where the file itself could not be run. */
  test: string
}

export interface Failure extends Told {
  /** Its first lines; the rest is where vitest told it. */
  why: string
}

interface Thrown {
  readonly message: string
  readonly stack?: string | undefined
  /** What was expected beside what came, line by line. */
  readonly diff?: string | undefined
}

/** Writes a `TestReport` to the file that `TOYGRES_TEST_REPORT` names. */
export default class TestReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly Thrown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const inState = (state: string) => tests.filter((test) => test.result().state === state)
    const report: TestReport = {
      passed: inState('passed').map((test) => told(test.module, test.fullName)),
      skipped: inState('skipped').map((test) => `${test.module.relativeModuleId}: ${test.fullName}`),
      failed: [...modules.flatMap(ofFileAndGroups), ...inState('failed').map(ofTest)],
      unhandled: unhandled.map(beginningOf),
    }
    writeFileSync(process.env['TOYGRES_TEST_REPORT'] ?? '', JSON.stringify(report))
  }
}

function ofFileAndGroups(module: TestModule): Failure[] {
  const groups = [...module.children.allSuites()].map((suite) => ({
    name: suite.fullName,
    errors: suite.errors(),
  }))
  return [{ name: '', errors: module.errors() }, ...groups]
    .filter(({ errors }) => errors.length > 0)
    .map(({ name, errors }) => failure(module, name, errors))
}

const ofTest = (test: TestCase): Failure => failure(test.module, test.fullName, test.result().errors ?? [])

const told = (module: TestModule, test: string): Told => ({
  project: module.project.name,
  file: module.relativeModuleId,
  test,
})

const failure = (module: TestModule, test: string, errors: readonly Thrown[]): Failure => ({
  ...told(module, test),
  why: errors.map(beginningOf).join('\n'),
})

const mostLines = 12

/** Without the frames of vitest itself. */
const beginningOf = ({ message, stack = message, diff = '' }: Thrown): string => {
  const told = stack.split('\n').filter((line) => !line.includes('node_modules'))
  const differing = stripVTControlCharacters(diff).split('\n').filter(isThere)
  return [...told.slice(0, mostLines), ...differing.slice(0, mostLines)].join('\n').slice(0, 2500)
}

const isThere = (line: string): boolean => line.trim() !== ''
