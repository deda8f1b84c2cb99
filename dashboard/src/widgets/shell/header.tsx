import { ActionIcon, Burger, Kbd, Menu, Tooltip, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import {
  IconDeviceDesktop,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSearch,
  IconSun,
  IconUser,
  type Icon,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { me, useSignOut } from '@/data/account'
import type { LiveState } from '@/data/live'
import { useIsAway } from '../connection'
import { EnvironmentName } from '../environment-dot'
import type { CurrentPlace } from '../place'
import classes from './header.module.css'
import { openPalette } from './palette-store'

interface HeaderProps {
  place: CurrentPlace
  live: LiveState
  isMenuOpen: boolean
  onMenu: () => void
  onHelp: () => void
}

export function Header({ place, live, isMenuOpen, onMenu, onHelp }: HeaderProps) {
  const isAway = useIsAway()
  return (
    <header className={classes['header']}>
      <Burger
        hiddenFrom="sm"
        size="sm"
        opened={isMenuOpen}
        onClick={onMenu}
        aria-label={isMenuOpen ? 'Close the menu' : 'Open the menu'}
        aria-expanded={isMenuOpen}
      />
      <Breadcrumb place={place} />
      <UnstyledButton className={classes['search']} onClick={openPalette} aria-label="Search and commands">
        <IconSearch size={15} aria-hidden />
        <span className={classes['hint']}>Search or jump to…</span>
        <Kbd size="xs" className={classes['hint']}>
          {isMac() ? '⌘' : 'Ctrl'} K
        </Kbd>
      </UnstyledButton>
      {isAway ? (
        <span role="alert" className={classes['away']}>
          The server cannot be reached. Trying again…
        </span>
      ) : (
        place.project && <LiveDot state={live} />
      )}
      <PersonMenu onHelp={onHelp} />
    </header>
  )
}

function Breadcrumb({ place }: { place: CurrentPlace }) {
  const { organisation, project, environment } = place
  return (
    <nav aria-label="Where you are" className={classes['crumbs']}>
      {organisation && (
        <Link
          to="/organisation/$organisationId/projects"
          params={{ organisationId: String(organisation.id) }}
        >
          {organisation.name}
        </Link>
      )}
      {project && (
        <Link to="/project/$projectId" params={{ projectId: String(project.id) }}>
          {project.name}
        </Link>
      )}
      {project && environment && (
        <span aria-current="location">
          <EnvironmentName environment={environment} />
        </span>
      )}
    </nav>
  )
}

const LIVE_WORDS: Record<LiveState, string> = {
  live: 'Live: changes of others appear by themselves',
  connecting: 'Connecting to live updates',
  away: 'No live updates at the moment; trying again',
}

function LiveDot({ state }: { state: LiveState }) {
  return (
    <Tooltip label={LIVE_WORDS[state]}>
      <span role="status" className={classes['live']} data-state={state} aria-label={LIVE_WORDS[state]} />
    </Tooltip>
  )
}

const SCHEMES: readonly (readonly ['light' | 'dark' | 'auto', string, Icon])[] = [
  ['light', 'Light', IconSun],
  ['dark', 'Dark', IconMoon],
  ['auto', 'Like the system', IconDeviceDesktop],
]

function PersonMenu({ onHelp }: { onHelp: () => void }) {
  const { data: person } = useQuery({ ...me, enabled: false })
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const signOut = useSignOut()
  const navigate = useNavigate()
  const leave = () => signOut.mutate(undefined, { onSuccess: () => void navigate({ to: '/login' }) })
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon size={30} radius="xl" variant="light" color="marine" aria-label="You and the theme">
          {person ? initials(person.first_name, person.last_name, person.email) : <IconUser size={16} />}
        </ActionIcon>
      </Menu.Target>
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

function initials(first: string, last: string, email: string): string {
  return (first.slice(0, 1) + last.slice(0, 1) || email.slice(0, 2)).toUpperCase()
}

function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.userAgent)
}
