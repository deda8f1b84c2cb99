import { useMantineColorScheme } from '@mantine/core'
import '@mantine/spotlight/styles.css'
import { createSpotlight, Spotlight } from '@mantine/spotlight'
import {
  IconDeviceDesktop,
  IconKeyboard,
  IconMoon,
  IconSearch,
  IconStack2,
  IconSun,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useNavLinks } from '../nav'
import { useRegisteredActions, type PaletteAction } from '../palette-actions'
import type { CurrentPlace } from '../place'
import { filled } from './nav-rail'
import { matching } from './palette-matching'
import { useIdentities, useThings } from './palette-things'

const [paletteStore, palette] = createSpotlight()

interface PaletteProps {
  place: CurrentPlace
  /** Opens it each time that it grows. */
  asked: number
  onHelp: () => void
}

/** Ctrl-K: flags, segments, identities, environments, pages and whatever the open page offers. */
export default function Palette({ place, asked, onHelp }: PaletteProps) {
  const [query, setQuery] = useState('')
  useEffect(() => palette.open(), [asked])
  const offered = useRegisteredActions()
  const pages = usePages(place)
  const environments = useEnvironments(place)
  const things = useThings(place)
  const identities = useIdentities(place, query)
  const themes = useThemes()
  const help: PaletteAction = {
    id: 'help',
    label: 'Keyboard shortcuts',
    group: 'Actions',
    icon: IconKeyboard,
    run: onHelp,
  }
  // The server found the identities; they need not fit again.
  const groups = [
    ...matching([...offered, help, ...themes, ...pages, ...environments, ...things], query),
    ...(identities.length > 0 ? [{ group: 'Identities', actions: identities }] : []),
  ]
  return (
    <Spotlight.Root
      store={paletteStore}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      clearQueryOnClose
      scrollable
      maxHeight={420}
      transitionProps={{ duration: 100 }}
      attributes={{ content: { 'aria-label': 'Search and commands' } }}
      styles={{ actionDescription: { opacity: 1 } }}
    >
      <Spotlight.Search
        placeholder="Search or jump to…"
        leftSection={<IconSearch size={17} />}
        aria-label="Search and commands"
      />
      <Spotlight.ActionsList>
        {groups.length === 0 && <Spotlight.Empty>Nothing is called that.</Spotlight.Empty>}
        {groups.map(({ group, actions }) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {actions.map(({ id, label, about, icon: Picture, run }) => (
              <Spotlight.Action
                key={id}
                label={label}
                {...(about ? { description: about } : {})}
                leftSection={Picture && <Picture size={16} stroke={1.6} />}
                onClick={() => {
                  palette.close()
                  run()
                }}
              />
            ))}
          </Spotlight.ActionsGroup>
        ))}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

const THEMES = [
  { scheme: 'light', label: 'Light theme', icon: IconSun },
  { scheme: 'dark', label: 'Dark theme', icon: IconMoon },
  { scheme: 'auto', label: 'Theme like the system', icon: IconDeviceDesktop },
] as const

function useThemes(): PaletteAction[] {
  const { setColorScheme } = useMantineColorScheme()
  return THEMES.map(({ scheme, label, icon }) => ({
    id: `theme:${scheme}`,
    label,
    group: 'Actions',
    icon,
    run: () => setColorScheme(scheme),
  }))
}

function usePages({ project, environment, organisation }: CurrentPlace): PaletteAction[] {
  const navigate = useNavigate()
  const ofEnvironment = useNavLinks('environment')
  const ofProject = useNavLinks('project')
  const ofOrganisation = useNavLinks('organisation')
  const params: Record<string, string | number> = {
    ...(project && { projectId: project.id }),
    ...(environment && { environmentKey: environment.api_key }),
    ...(organisation && { organisationId: organisation.id }),
  }
  const links = [
    ...(project && environment ? [...ofEnvironment, ...ofProject] : []),
    ...(organisation ? ofOrganisation : []),
  ]
  return links.map(({ to, label, icon }) => ({
    id: `page:${to}`,
    label,
    group: 'Pages',
    icon,
    run: () => void navigate({ to: filled(to, params) }),
  }))
}

function useEnvironments({ project, environments }: CurrentPlace): PaletteAction[] {
  const navigate = useNavigate()
  return environments.map((environment) => ({
    id: `environment:${environment.id}`,
    label: environment.name,
    group: 'Environments',
    icon: IconStack2,
    run: () =>
      void navigate({ to: `/project/${project?.id ?? ''}/environment/${environment.api_key}/features` }),
  }))
}
