import { relative } from 'node:path'

/** What is read of the report that vitest writes as JSON. */
export interface TestReport {
  numPassedTests: number
  numPendingTests: number
  testResults: TestFile[]
}

interface TestFile {
  name: string
  status: string
  message: string
  assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
}

export const noTests: TestReport = { numPassedTests: 0, numPendingTests: 0, testResults: [] }

/** Each with the first lines of why: the rest is where vitest told it. */
export function failedTests({ testResults }: TestReport): string[] {
  return testResults.flatMap((file) => {
    const tests = file.assertionResults.filter((test) => test.status === 'failed')
    // A file that could not be loaded, or whose set-up failed, has no test that did.
    if (tests.length === 0 && file.status === 'failed')
      return [`${pathOf(file)}: ${beginningOf(file.message)}`]
    return tests.map(
      (test) => `${pathOf(file)}: ${test.fullName}\n${beginningOf(test.failureMessages.join('\n'))}`,
    )
  })
}

export function skippedTests({ testResults }: TestReport): string[] {
  return testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => test.status === 'pending' || test.status === 'skipped')
      .map((test) => `${pathOf(file)}: ${test.fullName}`),
  )
}

const pathOf = (file: TestFile) => relative(process.cwd(), file.name)

/** Without the frames of vitest itself. */
const beginningOf = (message: string) =>
  message
    .split('\n')
    .filter((line) => !line.includes('node_modules'))
    .slice(0, 12)
    .join('\n')
    .slice(0, 1500)
