import type { Page } from 'playwright-core'

/** What a page has asked the control plane for: the procedures, in the order of its calls. */
export interface Calls {
  /** Those since the last time that this was asked. */
  taken(): string[]
}

/** From now on, of the procedures that begin like this; what only tells what would be done is a plan. */
export function listenToCalls(page: Page, about: string): Calls {
  const calls: string[] = []
  page.on('request', (request) => {
    const [, procedure] = /\/trpc\/([\w.]+)/.exec(request.url()) ?? []
    if (!procedure?.startsWith(about)) return
    const isPlan = request.postData()?.includes('"validateOnly":true') === true
    calls.push(isPlan ? `plan of ${procedure}` : procedure)
  })
  return { taken: () => calls.splice(0) }
}
