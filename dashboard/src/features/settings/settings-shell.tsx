import { Select, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { me } from '@/data/account'
import { permissionsIn, type Place } from '@/data/permissions'
import { idFrom } from '@/lib/ids'
import { EnvironmentDot } from '@/widgets/environment-dot'
import { useShortcuts } from '@/widgets/shortcuts'
import { ForAdmins } from './for-admins'
import { sectionsLike, type SettingsScope, type SettingsSection } from './sections'
import { settingsPath, titleOf, useSettingsPlace, type SettingsPlace } from './settings-place'
import classes from './settings-shell.module.css'

const SCOPES: readonly (readonly [SettingsScope, string])[] = [
  ['organisation', 'Organisation'],
  ['project', 'Project'],
  ['environment', 'Environment'],
  ['account', 'Account'],
  ['server', 'Server'],
]

interface SettingsShellProps {
  section: SettingsSection
  children: ReactNode
}

/** The one frame of all settings: every section of every place on the left, searchable, and the open one. */
export function SettingsShell({ section, children }: SettingsShellProps) {
  const place = useSettingsPlace()
  const [text, setText] = useState('')
  const search = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLElement>(null)
  const navigate = useNavigate()
  const mayAdminister = useAdministered(place)
  const found = sectionsLike(text).filter(
    ({ scope, forAdmins }) => settingsPath(scope, place) !== null && (!forAdmins || mayAdminister[scope]),
  )
  const go = ({ scope, tab }: SettingsSection) => {
    const to = settingsPath(scope, place)
    if (to) void navigate({ to, search: { tab } })
  }
  useShortcuts(
    useMemo(() => [{ keys: '/', about: 'Search the settings', run: () => search.current?.focus() }], []),
  )
  // The list grows as it becomes known what somebody may see, and is longer than most windows.
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' })
  }, [section, found.length])
  return (
    <div className={classes['frame']}>
      <nav ref={list} className={classes['sections']} aria-label="Settings">
        <TextInput
          ref={search}
          size="xs"
          type="search"
          aria-label="Search the settings"
          placeholder="Search settings"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && found[0]) go(found[0])
            if (event.key === 'Escape') setText('')
          }}
        />
        {found.length === 0 && <p className={classes['none']}>No setting is called that.</p>}
        {SCOPES.map(([scope, name]) => (
          <Group key={scope} name={name} scope={scope} place={place} current={section} found={found} />
        ))}
      </nav>
      <div className={classes['picker']}>
        <Select
          aria-label="Settings section"
          data={SCOPES.map(([scope, name]) => ({
            group: `${name}${scope === 'account' || scope === 'server' ? '' : ` ${titleOf(scope, place)}`}`,
            items: sectionsLike('')
              .filter((each) => each.scope === scope && (!each.forAdmins || mayAdminister[scope]))
              .map(({ tab, label }) => ({ value: `${scope}:${tab}`, label: `${name}: ${label}` })),
          }))}
          value={`${section.scope}:${section.tab}`}
          allowDeselect={false}
          onChange={(value) => {
            const chosen = sectionsLike('').find(({ scope, tab }) => `${scope}:${tab}` === value)
            if (chosen) go(chosen)
          }}
        />
      </div>
      <div className={classes['content']}>
        <ForAdmins section={section} place={place}>
          {children}
        </ForAdmins>
      </div>
    </div>
  )
}

interface GroupProps {
  name: string
  scope: SettingsScope
  place: SettingsPlace
  current: SettingsSection
  found: readonly SettingsSection[]
}

function Group({ name, scope, place, current, found }: GroupProps) {
  const to = settingsPath(scope, place)
  const sections = found.filter((section) => section.scope === scope)
  if (to === null || sections.length === 0) return null
  const { environment } = place
  return (
    <section aria-label={`${name} settings`}>
      <h2 className={classes['heading']}>
        {name}
        {scope !== 'account' && scope !== 'server' && (
          <span className={classes['of']}>
            {scope === 'environment' && environment && <EnvironmentDot environment={environment} />}
            {titleOf(scope, place)}
          </span>
        )}
      </h2>
      {sections.map(({ tab, label }) => {
        const isCurrent = current.scope === scope && current.tab === tab
        return (
          <Link
            key={tab}
            to={to}
            search={{ tab }}
            className={classes['link']}
            aria-current={isCurrent ? 'page' : undefined}
            data-current={isCurrent}
          >
            {label}
          </Link>
        )
      })}
    </section>
  )
}

/** Where whoever looks is an administrator. */
function useAdministered({
  organisation,
  project,
  environment,
}: SettingsPlace): Record<SettingsScope, boolean> {
  const { data: person } = useQuery(me)
  const ofOrganisation = useAdmin(organisation && { organisation: organisation.id })
  const ofProject = useAdmin(project && { project: project.id })
  const ofEnvironment = useAdmin(
    project && environment && { project: project.id, environment: environment.api_key },
  )
  return {
    organisation: ofOrganisation,
    project: ofProject,
    environment: ofEnvironment,
    account: true,
    server: person?.is_superuser === true,
  }
}

function useAdmin(place: Place | null): boolean {
  const { data } = useQuery({
    ...permissionsIn(place ?? { organisation: idFrom('1') }),
    enabled: place !== null,
  })
  return place !== null && data?.admin === true
}
