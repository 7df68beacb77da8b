import { Menu } from '@base-ui/react/menu'
import { Check, LogOut } from 'lucide-react'
import { OpenMenu } from '../ui/open-menu.tsx'
import { chooseTheme, themes, useTheme, type Theme } from './theme.ts'
import { UserFace } from './user-face.tsx'
import { useSignOut } from './use-sign-out.ts'

const themeNames: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' }

export function UserMenu() {
  const theme = useTheme()
  const leave = useSignOut()
  return (
    <OpenMenu className="user" face={<UserFace />} side="top">
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
    </OpenMenu>
  )
}
