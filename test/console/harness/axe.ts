import axe from 'axe-core'
import type { Page } from 'playwright-core'

interface Violation {
  id: string
  help: string
  nodes: { html: string; failureSummary?: string }[]
}

/** What WCAG 2.2 AA has against the page as it is now, one line for each place. */
export async function barriersOn(page: Page): Promise<string[]> {
  // Run by the debugger's way in, not as a script of the page: its content security policy lets no such thing in.
  await page.evaluate(axe.source)
  const violations = await page.evaluate<Violation[]>(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((found) => found.violations)`,
  )
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html} ${failureSummary ?? ''}`),
  )
}

const looks = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 360 },
  { colorScheme: 'dark', width: 360 },
] as const

/** Colours go over into one another; what turns for good is not waited for. */
const settled = `Promise.allSettled(
  document.getAnimations()
    .filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity)
    .map(({ finished }) => finished),
)`

/** The same, in each way in which it can look; it is left as it looked last. */
export async function barriersInEveryLook(page: Page): Promise<string[]> {
  const barriers: string[] = []
  for (const { colorScheme, width } of looks) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 860 })
    await page.evaluate(settled)
    barriers.push(...(await barriersOn(page)).map((barrier) => `${colorScheme}, ${width} wide: ${barrier}`))
  }
  return barriers
}
