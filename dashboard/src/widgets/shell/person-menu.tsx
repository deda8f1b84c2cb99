import { Kbd, Menu, useMantineColorScheme } from '@mantine/core'
import {
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSun,
  IconUser,
  type Icon,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { me, useSignOut } from '@/data/account'

interface PersonMenuProps {
  onHelp: () => void
  /** What it hangs below. */
  children: ReactElement
}

const SCHEMES: readonly (readonly ['light' | 'dark' | 'auto', string, Icon])[] = [
  ['light', 'Light', IconSun],
  ['dark', 'Dark', IconMoon],
  ['auto', 'Like the system', IconDeviceDesktop],
]

/** Opens as soon as it is there. */
export default function PersonMenu({ onHelp, children }: PersonMenuProps) {
  const { data: person } = useQuery({ ...me, enabled: false })
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const signOut = useSignOut()
  const navigate = useNavigate()
  const leave = () =>
    signOut.mutate(undefined, { onSuccess: () => void navigate({ to: '/login', ignoreBlocker: true }) })
  return (
    <Menu defaultOpened position="bottom-end" width={220}>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        {person && <Menu.Label>{person.email}</Menu.Label>}
        <Menu.Label>Theme</Menu.Label>
        {SCHEMES.map(([scheme, label, Picture]) => (
          <Menu.Item
            key={scheme}
            leftSection={<Picture size={15} />}
            role="menuitemradio"
            aria-checked={colorScheme === scheme}
            rightSection={colorScheme === scheme ? '✓' : null}
            onClick={() => setColorScheme(scheme)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconUser size={15} />} onClick={() => void navigate({ to: '/account' })}>
          Your account
        </Menu.Item>
        <Menu.Item
          leftSection={<IconKeyboard size={15} />}
          rightSection={<Kbd size="xs">?</Kbd>}
          onClick={onHelp}
        >
          Keyboard
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={leave}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
