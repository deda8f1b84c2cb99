import { useSuspenseQuery } from '@tanstack/react-query'
import { useDisclosure } from '@mantine/hooks'
import { Button, SegmentedControl } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { lazy, Suspense, useMemo } from 'react'
import { tagsOf } from '@/data/features'
import { flagRowsOf } from '@/data/matrix'
import { environmentsOf } from '@/data/places'
import { plural } from '@/lib/format'
import { Page } from '@/ui/page'
import { Can } from '@/widgets/can'
import { usePaletteActions } from '@/widgets/palette-actions'
import { Screen } from '@/widgets/screen'
import { useShortcuts } from '@/widgets/shortcuts'
import { useEnvironment, useProject } from '@/widgets/use-environment'
import { FlagFilters } from './flag-filters'
import { FlagList } from './flag-list'
import type { FlagSearch } from './flag-search'
import { wanted } from './model'
import classes from './flag-list.module.css'

const CreateFeature = lazy(() => import('./create-feature'))

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
  usePaletteActions(
    useMemo(
      () => [
        { id: 'create-feature', label: 'Create a feature', group: 'Actions', icon: IconPlus, run: open },
      ],
      [open],
    ),
  )
  useShortcuts(
    useMemo(
      () => [
        { keys: '/', about: 'Search the features', run: focusSearch },
        { keys: 'c', about: 'Create a feature', run: open },
      ],
      [open],
    ),
  )
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
      <div className={classes['screen']}>
        <Screen what="the features">
          <LoadedFlags search={search} onSearch={onSearch} onCreate={open} />
        </Screen>
      </div>
      {isCreating && (
        <Suspense fallback={null}>
          <CreateFeature project={project} onClose={dialog.close} />
        </Suspense>
      )}
    </Page>
  )
}

function LoadedFlags({ search, onSearch, onCreate }: FlagListScreenProps & { onCreate: () => void }) {
  const project = useProject()
  const environment = useEnvironment()
  const { data: environments } = useSuspenseQuery(environmentsOf(project.id))
  const { data: known } = useSuspenseQuery(flagRowsOf(project.id))
  const { data: tags } = useSuspenseQuery(tagsOf(project.id))
  const { rows } = known
  const owners = useMemo(
    () => [...new Map(rows.flatMap((row) => row.owners).map((owner) => [owner.id, owner])).values()],
    [rows],
  )
  const looked = search.view === 'all' ? environments : [environment]
  return (
    <>
      <FlagFilters
        {...{ search, onSearch, tags, owners }}
        shown={wanted(rows, search, looked).length}
        total={rows.filter((row) => row.is_archived === (search.is_archived ?? false)).length}
      />
      <FlagList {...{ project, environment, environments, search, onSearch, onCreate }} all={rows} />
      {rows.length < known.total && (
        <p role="status" className={classes['quiet']}>
          {plural(known.total - rows.length, 'feature')} more on the way…
        </p>
      )}
    </>
  )
}

function focusSearch() {
  document.getElementById('feature-search')?.focus()
}
