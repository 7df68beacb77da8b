import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const executablePath = places.find((place) => existsSync(place))

/** Without one, the tests of the console are reported as skipped: install it with "apt-get install chromium". */
export const hasBrowser = executablePath !== undefined

/** A real browser that calls nobody but the pages it is shown. */
export async function launchBrowser(): Promise<Browser> {
  if (executablePath === undefined)
    throw new Error('the tests of the console need Chromium: install it with "apt-get install chromium"')
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
