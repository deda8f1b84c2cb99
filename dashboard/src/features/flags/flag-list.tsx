import { Button } from '@mantine/core'
import { IconFlag, IconPlus } from '@tabler/icons-react'
import { memo, Suspense, useCallback, useMemo, useState } from 'react'
import type { FlagRow } from '@/data/matrix'
import type { Environment, Project } from '@/data/places'
import type { FeatureId } from '@/lib/ids'
import { DataTable } from '@/ui/data-table'
import { ListBody } from '@/ui/list-frame'
import { EmptyState } from '@/ui/states'
import { part } from '@/ui/part'
import { EditsBar } from './edits-bar'
import { columnsOfAll, columnsOfOne, type Selection } from './flag-columns'
import { NO_FILTER, SORTS, type FlagSearch } from './flag-search'
import { isFiltered } from './model'
import { useCells, useChangeable } from './use-cells'

const BulkBar = part(() => import('./bulk-bar'))

interface FlagListProps {
  project: Project
  environment: Environment
  environments: readonly Environment[]
  all: readonly FlagRow[]
  /** Those that the search asks for, in its order. */
  rows: readonly FlagRow[]
  search: FlagSearch
  onSearch: (changes: Partial<FlagSearch>) => void
  onCreate: () => void
}

const NAME_WIDTH = 300
const CELL_WIDTH = 182

export const FlagList = memo(function FlagList(props: FlagListProps) {
  const { project, environment, environments, all, rows, search, onSearch, onCreate } = props
  const isMatrix = search.view === 'all'
  const looked = useMemo(
    () => (isMatrix ? environments : [environment]),
    [isMatrix, environments, environment],
  )
  const changeable = useChangeable(project, looked)
  const cells = useCells(project, all)
  const [selection, choose] = useSelection(rows)
  const columns = (isMatrix ? columnsOfAll : columnsOfOne)({
    ...{ project, environment, environments, changeable, cells, selection },
  })
  if (rows.length === 0)
    return isFiltered(search) || all.length > 0 ? (
      <NothingFits onClear={() => onSearch(NO_FILTER)} />
    ) : (
      <NoFlagsYet onCreate={onCreate} />
    )
  const chosen = rows.filter(({ id }) => selection.chosen.has(id))
  return (
    <>
      <ListBody>
        <DataTable
          label={isMatrix ? `Features of ${project.name}` : `Features in ${environment.name}`}
          rows={rows}
          columns={columns}
          rowKey={(row) => row.id}
          minWidth={isMatrix ? NAME_WIDTH + CELL_WIDTH * environments.length : 0}
          isSelected={({ id }) => selection.chosen.has(id)}
          sorting={{ by: search.sort ?? 'name', descending: search.descending ?? false }}
          onSort={({ by, descending }) =>
            onSearch({ sort: SORTS.find((sort) => sort === by), descending: descending || undefined })
          }
        />
      </ListBody>
      {chosen.length > 0 && (
        <Suspense fallback={null}>
          <BulkBar
            {...{ project, environment, environments, cells, isMatrix }}
            rows={chosen}
            onDone={() => choose(new Set())}
          />
        </Suspense>
      )}
      <EditsBar cells={cells} />
    </>
  )
})

/** Which of the rows are chosen; those that a filter hides are not acted on. */
function useSelection(rows: readonly FlagRow[]): [Selection, (chosen: ReadonlySet<FeatureId>) => void] {
  const [chosen, setChosen] = useState<ReadonlySet<FeatureId>>(new Set())
  const amount = rows.filter(({ id }) => chosen.has(id)).length
  const state = amount === 0 ? 'none' : amount === rows.length ? 'all' : 'some'
  const toggle = useCallback(
    (id: FeatureId) =>
      setChosen(
        (known) => new Set(known.has(id) ? [...known].filter((each) => each !== id) : [...known, id]),
      ),
    [],
  )
  const selection: Selection = {
    chosen,
    state,
    toggle,
    toggleAll: () => setChosen(state === 'all' ? new Set() : new Set(rows.map(({ id }) => id))),
  }
  return [selection, setChosen]
}

function NoFlagsYet({ onCreate }: { onCreate: () => void }) {
  return (
    <EmptyState
      icon={IconFlag}
      title="No features yet"
      action={
        <Button leftSection={<IconPlus size={16} />} onClick={onCreate}>
          Create the first feature
        </Button>
      }
    >
      A feature is something you can turn on, turn off or give a value, without a new release.
    </EmptyState>
  )
}

function NothingFits({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      title="No feature fits"
      action={
        <Button variant="default" onClick={onClear}>
          Clear search and filters
        </Button>
      }
    />
  )
}
