import { Spotlight } from '@mantine/spotlight'
import { IconFlag, IconKeyboard, IconSearch, IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { featuresOf } from '@/data/features'
import { idFrom } from '@/lib/ids'
import { useNavLinks } from '../nav'
import { useRegisteredActions, type PaletteAction } from '../palette-actions'
import type { CurrentPlace } from '../place'
import { filled } from './nav-rail'
import { matching } from './palette-matching'
import { palette, paletteStore } from './palette-store'

interface PaletteProps {
  place: CurrentPlace
  onHelp: () => void
}

/** Ctrl-K: features, environments, pages and whatever the open page offers. */
export function Palette({ place, onHelp }: PaletteProps) {
  const [query, setQuery] = useState('')
  const [isOpen, setOpen] = useState(false)
  const offered = useRegisteredActions()
  const pages = usePages(place)
  const environments = useEnvironments(place)
  const features = useFeatures(place, isOpen)
  const help: PaletteAction = {
    id: 'help',
    label: 'Keyboard shortcuts',
    group: 'Actions',
    icon: IconKeyboard,
    run: onHelp,
  }
  const groups = matching([...offered, help, ...pages, ...environments, ...features], query)
  return (
    <Spotlight.Root
      store={paletteStore}
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      clearQueryOnClose
      scrollable
      maxHeight={420}
      onSpotlightOpen={() => setOpen(true)}
      onSpotlightClose={() => setOpen(false)}
      transitionProps={{ duration: 100 }}
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

function useFeatures({ project, environment }: CurrentPlace, isOpen: boolean): PaletteAction[] {
  const navigate = useNavigate()
  const isHere = project !== null && environment !== null
  const { data } = useQuery({
    ...featuresOf(project?.id ?? idFrom('1'), environment?.id ?? idFrom('1')),
    enabled: isHere && isOpen,
  })
  return useMemo(
    () =>
      (isHere ? (data ?? []) : []).map((feature) => ({
        id: `feature:${feature.id}`,
        label: feature.name,
        group: 'Features',
        icon: IconFlag,
        ...(feature.description ? { about: feature.description } : {}),
        run: () =>
          void navigate({
            to: `/project/${project?.id ?? ''}/environment/${environment?.api_key ?? ''}/features`,
            search: { feature: feature.id },
          }),
      })),
    [isHere, data, navigate, project?.id, environment?.api_key],
  )
}
