import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { startControlPlane, type TestControlPlane } from '../../harness/control-plane/index.ts'
import { launchBrowser } from './browser.ts'

/** Kept for people to look at; git does not know of them. */
const screenshots = new URL('../../../.screenshots/', import.meta.url).pathname

export interface Visit extends AsyncDisposable {
  readonly page: Page
  /** Everything that went wrong in the page, and that the browser refused it. */
  readonly complaints: string[]
  /** Keeps what is seen now. */
  keep(name: string): Promise<void>
}

export interface VisitOptions {
  readonly theme?: 'light' | 'dark'
  readonly width?: number
  /** Not the one that the control plane says: a way to it that can be cut. */
  readonly url?: string
}

/** A control plane, and a browser to look at it with. */
export interface ConsoleWorld extends AsyncDisposable {
  readonly plane: TestControlPlane
  /** Somebody's browser, with cookies of its own; nobody is signed in. */
  visit(options?: VisitOptions): Promise<Visit>
  /** The same, signed in. */
  signedIn(options?: VisitOptions): Promise<Visit>
}

export interface ConsoleWorldOptions {
  /** Of `toygres up`. */
  readonly args?: readonly string[]
}

export async function openConsoleWorld({ args = [] }: ConsoleWorldOptions = {}): Promise<ConsoleWorld> {
  await using cleanup = new AsyncDisposableStack()
  const plane = cleanup.use(await startControlPlane({ args }))
  const browser = cleanup.adopt(await launchBrowser(), (browser) => browser.close())
  const visit = async (options: VisitOptions = {}) => visitIn(browser, await plane.url(), options)
  const everything = cleanup.move()
  return {
    plane,
    visit,
    async signedIn(options) {
      const visited = await visit(options)
      await signIn(visited.page, await plane.apiKey())
      return visited
    },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  }
}

async function visitIn(
  browser: Browser,
  planeUrl: string,
  { theme = 'light', width = 1280, url = planeUrl }: VisitOptions,
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width, height: 860 },
    colorScheme: theme,
    reducedMotion: 'reduce',
    baseURL: url,
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.goto('/console/')
  return {
    page,
    complaints,
    async keep(name) {
      const directory = join(screenshots, width < 600 ? `${theme} narrow` : theme)
      await mkdir(directory, { recursive: true })
      await page.screenshot({ path: join(directory, `${name}.png`), fullPage: true })
    },
    [Symbol.asyncDispose]: () => context.close(),
  }
}

export async function signIn(page: Page, apiKey: string): Promise<void> {
  await page.getByLabel('API key').fill(apiKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Instances', exact: true }).waitFor()
  await page.locator('[data-connection=live]').waitFor()
}
