import { Menu } from '@base-ui/react/menu'
import { Check, LogOut } from 'lucide-react'
import '../ui/menu.css'
import { chooseTheme, themes, useTheme, type Theme } from './theme.ts'
import { UserFace } from './user-face.tsx'
import { useSignOut } from './use-sign-out.ts'

const themeNames: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' }

export function UserMenu() {
  const theme = useTheme()
  const leave = useSignOut()
  return (
    <Menu.Root defaultOpen>
      <Menu.Trigger className="user">
        <UserFace />
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
