/** What is worth to be told where somebody is, and to go on from. */
const places = 'section, main, nav, header, form, #content'

/** What lies above the page, and goes away again. */
const above = '[role=dialog], [role=alertdialog], [role=menu]'

/** What has the focus, and what may have it in its place, from the inside out. */
type FocusPath = readonly HTMLElement[]

let inPage: FocusPath = []
let path: FocusPath = []

/** Where the focus is now; what lies above the page lies above what had it before. */
export const focusPath = (): FocusPath => path

/**
 * Browsers drop the focus when what has it goes away or is disabled, and whoever uses the keyboard is at the top of the
 * page again. Here it goes to what was around it, and back to what is only disabled for a while.
 */
export function keepFocus(): void {
  addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return
    const over = target.closest<HTMLElement>(above)
    if (over) path = [target, over, ...inPage]
    else path = inPage = [target, ...around(target)]
  })
  // Who clicks beside everything wants to be nowhere.
  const clicked = () => {
    if (document.activeElement === document.body) path = inPage = []
  }
  addEventListener('click', clicked, { capture: true })
  let looking: number | undefined
  const look = () => {
    looking = undefined
    const [last] = path
    const isWaitedFor = last?.isConnected && last.matches(':disabled')
    if (last && !isWaitedFor && document.activeElement === document.body)
      nearestOn(path)?.focus({ preventScroll: true })
  }
  // In the next frame: by then a dialog or a menu that has closed has mostly said itself where to.
  new MutationObserver(() => (looking ??= requestAnimationFrame(look))).observe(document.body, {
    subtree: true,
    childList: true,
    attributeFilter: ['disabled'],
  })
}

/** What is left of it: where it was, else what was around that, else the page. It can be given the focus. */
export function nearestOn(path: FocusPath): HTMLElement | null {
  const nearest = path.find((one) => one.isConnected && !one.matches(':disabled'))
  const place = nearest ?? document.getElementById('content')
  if (place?.matches(places) && !place.hasAttribute('tabindex')) {
    place.tabIndex = -1
    place.classList.add('place')
  }
  return place
}

function around(element: HTMLElement): HTMLElement[] {
  const place = element.parentElement?.closest<HTMLElement>(places)
  return place ? [place, ...around(place)] : []
}
