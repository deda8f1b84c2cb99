import { ActionIcon, Burger, Kbd, UnstyledButton } from '@mantine/core'
import { preload } from '@/lib/preload'
import { IconSearch, IconUser } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Suspense, useState } from 'react'
import { me } from '@/data/account'
import type { LiveState } from '@/data/live'
import { part } from '@/ui/part'
import { useIsAway } from '../connection'
import { EnvironmentName } from '../environment-dot'
import type { CurrentPlace } from '../place'
import classes from './header.module.css'
import { openPalette } from './palette-store'

const loadMenu = () => import('./person-menu')
const PersonMenu = part(loadMenu)

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
      <UnstyledButton
        className={classes['search']}
        onClick={openPalette}
        aria-label={`Search or jump to… ${isMac() ? '⌘' : 'Ctrl'} K`}
      >
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
      <PersonButton onHelp={onHelp} />
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
    <span
      role="status"
      className={classes['live']}
      data-state={state}
      title={LIVE_WORDS[state]}
      aria-label={LIVE_WORDS[state]}
    />
  )
}

/** Who is signed in; the menu arrives when somebody reaches for it. */
function PersonButton({ onHelp }: { onHelp: () => void }) {
  const { data: person } = useQuery({ ...me, enabled: false })
  const [isAsked, setAsked] = useState(false)
  const button = (
    <ActionIcon
      size={30}
      radius="xl"
      variant="light"
      color="marine"
      aria-label={person ? `${initials(person)}: You and the theme` : 'You and the theme'}
      aria-haspopup="menu"
      onPointerEnter={() => preload(loadMenu)}
      onClick={() => setAsked(true)}
    >
      {person ? initials(person) : <IconUser size={16} />}
    </ActionIcon>
  )
  if (!isAsked) return button
  return (
    <Suspense fallback={button}>
      <PersonMenu onHelp={onHelp}>{button}</PersonMenu>
    </Suspense>
  )
}

function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.userAgent)
}

interface Named {
  first_name: string
  last_name: string
  email: string
}

function initials({ first_name: first, last_name: last, email }: Named): string {
  return (first.slice(0, 1) + last.slice(0, 1) || email.slice(0, 2)).toUpperCase()
}
