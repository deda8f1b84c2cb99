import { CloseButton, Group, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { membersOf, nameOf } from '@/data/members'
import { environmentsOf, type Project } from '@/data/places'
import { isFiltered, NO_FILTER, type AuditSearch, type OnSearch } from './audit-search'
import { OBJECT_TYPES, SERVER_TYPES } from './model'
import classes from './audit.module.css'

interface FiltersProps {
  search: AuditSearch
  onSearch: OnSearch
}

interface AuditFiltersProps extends FiltersProps {
  project: Project
}

/** What narrows the log; each part is in the address. */
export function AuditFilters({ project, search, onSearch }: AuditFiltersProps) {
  const { data: environments } = useSuspenseQuery(environmentsOf(project.id))
  return (
    <FilterBar search={search} onSearch={onSearch}>
      <Who {...{ project, search, onSearch }} />
      <Kind search={search} onSearch={onSearch} kinds={OBJECT_TYPES} />
      <Select
        aria-label="Environment"
        placeholder="All environments"
        clearable
        w={160}
        data={environments.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={search.env === undefined ? null : String(search.env)}
        onChange={(id) => onSearch({ env: id === null ? undefined : Number(id) })}
      />
    </FilterBar>
  )
}

/** What narrows the log of the server. */
export function ServerLogFilters({ search, onSearch }: FiltersProps) {
  return (
    <FilterBar search={search} onSearch={onSearch}>
      <Kind search={search} onSearch={onSearch} kinds={SERVER_TYPES} />
    </FilterBar>
  )
}

function FilterBar({ search, onSearch, children }: FiltersProps & { children: ReactNode }) {
  return (
    <Group gap="xs" pb="xs" className={classes['filters'] ?? ''}>
      <SearchBox search={search} onSearch={onSearch} />
      {children}
      <Group gap="xs" wrap="nowrap">
        <TextInput
          type="date"
          aria-label="From the day"
          w={136}
          max={search.until}
          value={search.since ?? ''}
          onChange={(event) => onSearch({ since: event.currentTarget.value || undefined })}
        />
        <span aria-hidden>–</span>
        <TextInput
          type="date"
          aria-label="To the day"
          w={136}
          min={search.since}
          value={search.until ?? ''}
          onChange={(event) => onSearch({ until: event.currentTarget.value || undefined })}
        />
      </Group>
      {isFiltered(search) && (
        <CloseButton aria-label="Clear all filters" onClick={() => onSearch(NO_FILTER)} />
      )}
    </Group>
  )
}

function Kind({ search, onSearch, kinds }: FiltersProps & { kinds: typeof OBJECT_TYPES }) {
  return (
    <Select
      aria-label="Kind of object"
      placeholder="Everything"
      clearable
      searchable
      w={150}
      data={[...kinds]}
      value={search.type ?? null}
      onChange={(type) => onSearch({ type: type ?? undefined })}
    />
  )
}

const PAUSE = 250

/** Asks the server when the person pauses, not at every letter. */
function SearchBox({ search, onSearch }: FiltersProps) {
  const [text, setText] = useState(search.search ?? '')
  const [known, setKnown] = useState(search.search)
  if (known !== search.search) {
    setKnown(search.search)
    if (search.search === undefined) setText('')
  }
  const ask = useDebouncedCallback((asked: string) => onSearch({ search: asked || undefined }), PAUSE)
  const change = (next: string) => {
    setText(next)
    ask(next)
  }
  return (
    <TextInput
      id="audit-search"
      aria-label="Search the audit log"
      placeholder="Search"
      w={{ base: '100%', xs: 200 }}
      leftSection={<IconSearch size={15} />}
      value={text}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Escape' && change('')}
    />
  )
}

function Who({ project, search, onSearch }: AuditFiltersProps) {
  const { data: members = [] } = useQuery({ ...membersOf(project.organisation), retry: false })
  return (
    <Select
      aria-label="Who"
      placeholder="Everybody"
      clearable
      searchable
      w={170}
      data={[
        {
          group: 'People',
          items: members.map((member) => ({ value: String(member.id), label: nameOf(member) })),
        },
        {
          group: 'Others',
          items: [
            { value: 'keys', label: 'API keys' },
            { value: 'system', label: 'Burgee itself' },
          ],
        },
      ]}
      value={search.who === undefined ? null : String(search.who)}
      onChange={(who) =>
        onSearch({ who: who === null ? undefined : who === 'keys' || who === 'system' ? who : Number(who) })
      }
    />
  )
}
