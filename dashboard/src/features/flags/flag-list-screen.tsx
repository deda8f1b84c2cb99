import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { useDisclosure } from '@mantine/hooks'
import { Button, SegmentedControl } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { Suspense, useCallback, useDeferredValue, useMemo } from 'react'
import { tagsOf, type Tag } from '@/data/features'
import { flagRowsOf, type FlagRow } from '@/data/matrix'
import { environmentsOf } from '@/data/places'
import { plural } from '@/lib/format'
import { ListFrame } from '@/ui/list-frame'
import { Page } from '@/ui/page'
import { ListSkeleton } from '@/ui/states'
import { part } from '@/ui/part'
import { Can } from '@/widgets/can'
import { useListCommands } from '@/widgets/list-commands'
import { Screen } from '@/widgets/screen'
import { useTypedText } from '@/widgets/typed-text'
import { useEnvironment, useProject } from '@/widgets/use-environment'
import { FlagFilters } from './flag-filters'
import { FlagList } from './flag-list'
import type { FlagSearch } from './flag-search'
import { wanted } from './model'
import { useViewCommands } from './use-view-commands'
import classes from './flag-list.module.css'

const CreateFeature = part(() => import('./create-feature'))

interface FlagListScreenProps {
  search: FlagSearch
  onSearch: (changes: Partial<FlagSearch>) => void
}

/** The features of one environment, or of all side by side. */
export function FlagListScreen({ search, onSearch }: FlagListScreenProps) {
  const project = useProject()
  const environment = useEnvironment()
  const [isCreating, dialog] = useDisclosure(false)
  const { open } = dialog
  useListCommands({ things: 'features', one: 'a feature', searchBox: 'feature-search', create: open })
  useViewCommands(onSearch)
  const isMatrix = search.view === 'all'
  const { data: environments } = useSuspenseQuery(environmentsOf(project.id))
  const create = (
    <Can do="CREATE_FEATURE" in={{ project: project.id }}>
      <Button leftSection={<IconPlus size={16} />} onClick={open}>
        New feature
      </Button>
    </Can>
  )
  return (
    <Page
      title="Features"
      of={isMatrix ? project.name : `${environment.name} · ${project.name}`}
      actions={
        <>
          {environments.length > 1 && (
            <SegmentedControl
              size="xs"
              aria-label="Environments"
              data={[
                { value: 'one', label: environment.name },
                { value: 'all', label: 'All environments' },
              ]}
              value={isMatrix ? 'all' : 'one'}
              onChange={(view) => onSearch({ view: view === 'all' ? 'all' : undefined })}
            />
          )}
          {create}
        </>
      }
    >
      <ListFrame>
        <Screen what="the features">
          <LoadedFlags search={search} onSearch={onSearch} onCreate={open} />
        </Screen>
      </ListFrame>
      {isCreating && (
        <Suspense fallback={null}>
          <CreateFeature project={project} onClose={dialog.close} />
        </Suspense>
      )}
    </Page>
  )
}

const NO_ROWS: readonly FlagRow[] = []
const NO_TAGS: readonly Tag[] = []

/** A later failure keeps what is shown. */
function isFirst(_error: Error, { state }: { state: { data: unknown } }): boolean {
  return state.data === undefined
}

function LoadedFlags({ search, onSearch, onCreate }: FlagListScreenProps & { onCreate: () => void }) {
  const project = useProject()
  const environment = useEnvironment()
  const { data: environments } = useSuspenseQuery(environmentsOf(project.id))
  // Not by suspense: React would hold the list back for a moment, as it has just shown that it waits.
  const { data: known } = useQuery({ ...flagRowsOf(project.id), throwOnError: isFirst })
  const { data: tags = NO_TAGS } = useQuery(tagsOf(project.id))
  const all = known?.rows ?? NO_ROWS
  const typed = useTypedText(
    search.search,
    useCallback((text) => onSearch({ search: text }), [onSearch]),
  )
  const { forget } = typed
  const onChange = useCallback(
    (changes: Partial<FlagSearch>) => {
      if ('search' in changes) forget()
      onSearch(changes)
    },
    [onSearch, forget],
  )
  // The key is shown first, the rows that fit it as soon as they are drawn; the next key does not wait for them.
  const text = useDeferredValue(typed.text)
  const asked = useMemo(() => ({ ...search, search: text }), [search, text])
  const isMatrix = search.view === 'all'
  const rows = useMemo(
    () => wanted(all, asked, isMatrix ? environments : [environment]),
    [all, asked, isMatrix, environments, environment],
  )
  const total = useMemo(
    () => all.filter((row) => row.is_archived === (search.is_archived ?? false)).length,
    [all, search.is_archived],
  )
  const owners = useMemo(
    () => [...new Map(all.flatMap((row) => row.owners).map((owner) => [owner.id, owner])).values()],
    [all],
  )
  if (!known) return <ListSkeleton />
  return (
    <>
      <FlagFilters {...{ search, tags, owners, typed, total }} onSearch={onChange} shown={rows.length} />
      <FlagList
        {...{ project, environment, environments, all, rows, onCreate }}
        onSearch={onChange}
        search={asked}
      />
      {all.length < known.total && (
        <p role="status" className={classes['quiet']}>
          {plural(known.total - all.length, 'feature')} more on the way…
        </p>
      )}
    </>
  )
}
