import { createToygres } from '@toygres/sdk'
import { project } from './project.ts'

/** What other sites' pages cannot send: the control plane takes the session's cookie only along with it. */
export const ownPage = { 'x-toygres-console': '1' }

/** To the control plane that this page came from. The browser adds the session's cookie to each call. */
const way: Parameters<typeof createToygres>[0] = {
  url: location.origin,
  fetch: (input, init) => {
    const headers = new Headers(init?.headers)
    for (const [name, value] of Object.entries(ownPage)) headers.set(name, value)
    return fetch(input, { ...init, headers })
  },
}

/** In the project of this page. */
export const toygres = createToygres({ ...way, project })

/** In none: it works, too, where the project of this page is none. */
export const outsideProject = createToygres(way)
