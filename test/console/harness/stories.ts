import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'

/** Of the page of an operation: the numbers of the events that it shows, in the order in which it shows them. */
export function shownEvents(page: Page): Promise<number[]> {
  return page
    .locator('[data-seq]')
    .evaluateAll((lines) => lines.map((line) => Number(line.getAttribute('data-seq'))))
}

/** Leaves a mark in the page that is gone when it is loaded anew; returns what tells whether it is still there. */
export async function markPage(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate('globalThis.isTheSame = true')
  return () => page.evaluate<boolean>('globalThis.isTheSame === true')
}

export const rowOf = (page: Page, name: string): Locator => page.getByRole('row', { name })

/** The end of an operation that went well, as its page shows it. */
export async function seeSuccess(page: Page): Promise<void> {
  await page.locator('[data-node=succeeded][data-light=done]').waitFor()
  await page.getByText('operation succeeded').waitFor()
}

/** The operation whose page is shown. */
export const operationOn = (page: Page): string => /operations\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? ''

/** What the keyboard acts on: its name if it has one, else what kind of thing it is. */
export function focusOf(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const { ariaLabel, textContent, localName } = document.activeElement
    const isControl = /^(a|button|input|select|textarea)$/.test(localName)
    return isControl ? (ariaLabel ?? textContent) : localName
  })()`)
}

/** What the copy button of this part of the page copies. */
export async function copiedFrom(page: Page, part: Locator): Promise<string> {
  await page.evaluate(`navigator.clipboard.writeText('')`)
  await part.getByRole('button', { name: /^Cop(y|ied)$/ }).click()
  const text = () => page.evaluate<string>('navigator.clipboard.readText()')
  await expect.poll(text).not.toBe('')
  return text()
}

/** More than any page has. */
const mostStops = 80

/** Goes on by the tab key until it is there. */
export async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await wanted.waitFor()
  for (let stops = 0; stops < mostStops; stops++) {
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the tab key does not lead to ${String(wanted)}`)
}
