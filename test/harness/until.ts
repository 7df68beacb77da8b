/** Between two looks at what tells of no change by itself, such as a table. */
const lookEveryMs = 100

/** Waits until something is so. What never comes is ended by the test's own time limit; this only says what was waited for. */
export async function until(condition: () => Promise<boolean>, timeoutMs = 50_000): Promise<void> {
  const end = performance.now() + timeoutMs
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms in vain: ${condition.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
}
