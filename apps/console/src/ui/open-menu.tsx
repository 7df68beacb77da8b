import { Menu } from '@base-ui/react/menu'
import { useRef, useState, type ReactNode } from 'react'
import './menu.css'

interface OpenMenuProps {
  /** Of the button, and what is in it. */
  className: string
  face: ReactNode
  side: 'top' | 'bottom'
  /** Of what it opens. */
  panel?: string
  children: ReactNode
}

/** A button and its menu, open. The menu is beside the button also for those who do not see it: at the end of the page it would be in no landmark. */
export function OpenMenu({ className, face, side, panel = '', children }: OpenMenuProps) {
  const button = useRef<HTMLButtonElement>(null)
  const [home, setHome] = useState<HTMLElement | null>(null)
  return (
    <Menu.Root defaultOpen>
      <Menu.Trigger ref={button} className={className}>
        {face}
      </Menu.Trigger>
      <div ref={setHome} className="menu-home" />
      {home && (
        <Menu.Portal container={home}>
          <Menu.Positioner
            side={side}
            align="start"
            sideOffset={6}
            positionMethod="fixed"
            className="menu-place"
          >
            <Menu.Popup className={`menu ${panel}`} finalFocus={button}>
              {children}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      )}
    </Menu.Root>
  )
}
