import { lazyRouteComponent, type AnyRouter } from '@tanstack/react-router'

/** The code of a page could not be had: the control plane is away. */
class PageUnreachable extends Error {
  override readonly name = 'PageUnreachable'
}

/**
 * A page whose code is fetched when it is first wanted. One that the control plane does not have any more, since a newer console
 * has taken its place, has the router load everything anew. While there is no control plane that would only lose what is shown.
 */
export function page<Name extends string>(
  load: () => Promise<Record<Name, () => React.ReactNode>>,
  name: Name,
) {
  return lazyRouteComponent(async () => {
    try {
      return await load()
    } catch (cause) {
      if (await isReachable()) throw cause
      throw new PageUnreachable('the control plane, which has this page, cannot be reached just now', {
        cause,
      })
    }
  }, name)
}

const isReachable = () =>
  fetch(import.meta.env.BASE_URL, { method: 'HEAD' }).then(
    () => true,
    () => false,
  )

/** Fetches all of them, so that they open, too, while there is no control plane. */
export function fetchPages(router: AnyRouter): void {
  for (const route of Object.values(router.routesById))
    // It is tried again, and says what is wrong, when the page is opened.
    void Promise.resolve(router.loadRouteChunk(route)).catch(() => {})
}
