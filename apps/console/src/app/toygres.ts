import { createToygres } from '@toygres/sdk'

/** What other sites' pages cannot send: the control plane takes the session's cookie only along with it. */
export const ownPage = { 'x-toygres-console': '1' }

/** The control plane that this page came from. The browser adds the session's cookie to each call. */
export const toygres = createToygres({
  url: location.origin,
  fetch: (input, init) => {
    const headers = new Headers(init?.headers)
    for (const [name, value] of Object.entries(ownPage)) headers.set(name, value)
    return fetch(input, { ...init, headers })
  },
})
