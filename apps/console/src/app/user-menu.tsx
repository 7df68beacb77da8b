import { Menu } from '@base-ui/react/menu'
import { Check, KeyRound, LogOut } from 'lucide-react'
import '../ui/menu.css'
import { chooseTheme, themes, useTheme, type Theme } from './theme.ts'
import { useSession } from './use-session.ts'
import { useSignOut } from './use-sign-out.ts'

const themeNames: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' }

export function UserMenu() {
  const { name, role } = useSession()
  const theme = useTheme()
  const leave = useSignOut()
  return (
    <Menu.Root>
      <Menu.Trigger className="user">
        <span className="visually-hidden">
          Signed in with the key {name}, as {role}
        </span>
        <span className="face" aria-hidden="true">
          <KeyRound />
        </span>
        <span className="who" aria-hidden="true">
          <span>{name}</span>
          <span>{role}</span>
        </span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner side="top" align="start" sideOffset={6} className="menu-place">
          <Menu.Popup className="menu">
            <Menu.RadioGroup value={theme} onValueChange={(value: Theme) => chooseTheme(value)}>
              <Menu.Group>
                <Menu.GroupLabel className="menu-label">Theme</Menu.GroupLabel>
                {themes.map((choice) => (
                  <Menu.RadioItem key={choice} value={choice} className="menu-item" closeOnClick>
                    <Menu.RadioItemIndicator className="menu-check" keepMounted>
                      <Check aria-hidden="true" />
                    </Menu.RadioItemIndicator>
                    {themeNames[choice]}
                  </Menu.RadioItem>
                ))}
              </Menu.Group>
            </Menu.RadioGroup>
            <Menu.Separator className="menu-line" />
            <Menu.Item className="menu-item" onClick={leave}>
              <LogOut aria-hidden="true" />
              Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
