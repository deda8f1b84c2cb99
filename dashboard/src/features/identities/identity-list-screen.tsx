import { Button, Group, Pagination, TagsInput, Text } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import { IDENTITIES_A_PAGE, identitiesFound, traitKeysOf } from '@/data/identities'
import { plural } from '@/lib/format'
import { ListFrame } from '@/ui/list-frame'
import { Page } from '@/ui/page'
import { SearchBox } from '@/ui/search-box'
import { Can } from '@/widgets/can'
import { useListCommands } from '@/widgets/list-commands'
import { Screen } from '@/widgets/screen'
import { useEnvironment, useProject } from '@/widgets/use-environment'
import { CreateIdentity } from './create-identity'
import { IdentityList } from './identity-list'
import type { IdentitySearch } from './identity-search'

interface IdentityListScreenProps {
  search: IdentitySearch
  onSearch: (changes: Partial<IdentitySearch>) => void
}

/** The stored identities of one environment. */
export function IdentityListScreen({ search, onSearch }: IdentityListScreenProps) {
  const project = useProject()
  const environment = useEnvironment()
  const [isCreating, dialog] = useDisclosure(false)
  const { open } = dialog
  useListCommands({ things: 'identities', one: 'an identity', searchBox: 'identity-search', create: open })
  return (
    <Page
      title="Identities"
      of={`${environment.name} · ${project.name}`}
      actions={
        <Can do="MANAGE_IDENTITIES" in={{ project: project.id, environment: environment.api_key }}>
          <Button leftSection={<IconPlus size={16} />} onClick={open}>
            New identity
          </Button>
        </Can>
      }
    >
      <ListFrame>
        <Filters search={search} onSearch={onSearch} />
        <Screen what="the identities">
          <LoadedIdentities search={search} onSearch={onSearch} />
        </Screen>
      </ListFrame>
      <CreateIdentity opened={isCreating} onClose={dialog.close} />
    </Page>
  )
}

function Filters({ search, onSearch }: IdentityListScreenProps) {
  const project = useProject()
  const environment = useEnvironment()
  const { data: known = [] } = useQuery(traitKeysOf(project.id, environment.api_key))
  return (
    <Group gap="xs" pb="xs" align="flex-start">
      <SearchBox
        id="identity-search"
        label="Search the identities"
        placeholder={'Identifier; all of it in "quotes"'}
        w={{ base: '100%', xs: 280 }}
        text={search.q}
        onText={(q) => onSearch({ q, page: undefined })}
      />
      <TagsInput
        size="sm"
        aria-label="Traits that they have"
        placeholder={(search.trait ?? []).length === 0 ? 'Trait, or trait:value, then Enter' : ''}
        w={{ base: '100%', xs: 340 }}
        clearable
        maxTags={10}
        data={known}
        value={[...(search.trait ?? [])]}
        onChange={(trait) => onSearch({ trait: trait.length > 0 ? trait : undefined, page: undefined })}
      />
    </Group>
  )
}

function LoadedIdentities({ search, onSearch }: IdentityListScreenProps) {
  const project = useProject()
  const environment = useEnvironment()
  const [q] = useDebouncedValue(search.q, 200)
  const { page = 1, trait } = search
  const wanted = useDeferredValue(useMemo(() => ({ q, traits: trait, page }), [q, trait, page]))
  const { data } = useSuspenseQuery(identitiesFound(project.id, environment.api_key, wanted))
  const pages = Math.ceil(data.count / IDENTITIES_A_PAGE)
  return (
    <>
      <IdentityList
        rows={data.results}
        place={{ project: project.id, environment }}
        search={search}
        onSearch={onSearch}
      />
      {data.count > 0 && (
        <Group justify="space-between" pt="xs">
          <Text size="sm" c="dimmed">
            {plural(data.count, 'identity', 'identities')}
          </Text>
          {pages > 1 && (
            <Pagination
              size="sm"
              total={pages}
              value={page}
              onChange={(next) => onSearch({ page: next })}
              getItemProps={(number) => ({ 'aria-label': `Page ${number}` })}
              getControlProps={(control) => ({ 'aria-label': `${control} page` })}
            />
          )}
        </Group>
      )}
    </>
  )
}
