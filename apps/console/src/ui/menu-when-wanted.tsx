import { lazy, Suspense, useState, type ComponentProps, type ComponentType } from 'react'

interface MenuWhenWantedProps extends Omit<ComponentProps<'button'>, 'onClick'> {
  /** Draws the same button, with the menu open below it. */
  menu: ComponentType
  /** Fetches what it is made of. */
  preload: () => void
}

/** What menus are made of is large, and nobody opens one before they have seen the page: until then it is a button. */
export function MenuWhenWanted({ menu: Menu, preload, ...button }: MenuWhenWantedProps) {
  const [wanted, setWanted] = useState(false)
  const face = (
    <button
      {...button}
      type="button"
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={preload}
      onFocus={preload}
      onClick={() => setWanted(true)}
    />
  )
  return wanted ? (
    <Suspense fallback={face}>
      <Menu />
    </Suspense>
  ) : (
    face
  )
}

/** A menu by the module that it is in. */
export function menuIn(load: () => Promise<ComponentType>): { menu: ComponentType; preload: () => void } {
  return {
    menu: lazy(() => load().then((menu) => ({ default: menu }))),
    // It is fetched again when it is opened, should this not work.
    preload: () => void load().catch(() => {}),
  }
}
