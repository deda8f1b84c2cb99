import { useSuspenseQuery } from '@tanstack/react-query'
import { IconEqual } from '@tabler/icons-react'
import { Button } from '@mantine/core'
import { useMemo, useState } from 'react'
import { comparisonOf, PARTS, type Comparison } from '@/data/compare'
import type { Environment } from '@/data/places'
import type { FeatureId } from '@/lib/ids'
import { EmptyState } from '@/ui/states'
import { Screen } from '@/widgets/screen'
import { useProject } from '@/widgets/use-environment'
import { CompareFilters } from './compare-filters'
import type { CompareSearch, OnSearch } from './compare-search'
import { DifferenceList } from './difference-list'
import { narrowed, pairFrom } from './model'
import { PairPicker } from './pair-picker'
import { PromoteDialog } from './promote-dialog'
import { PromoteBar } from './promote-bar'
import { useProjectVariants } from '@/widgets/variant-names'

interface EnvironmentComparisonProps {
  environments: readonly Environment[]
  search: CompareSearch
  onSearch: OnSearch
}

/** Two environments side by side: only what differs. */
export function EnvironmentComparison({ environments, search, onSearch }: EnvironmentComparisonProps) {
  const pair = pairFrom(search, environments)
  const from = environments.find(({ api_key }) => api_key === pair?.from)
  const to = environments.find(({ api_key }) => api_key === pair?.to)
  if (!from || !to) return null
  return (
    <>
      <PairPicker environments={environments} from={from} to={to} onPair={onSearch} />
      <Screen key={`${from.api_key} ${to.api_key}`} what="what differs">
        <Differences from={from} to={to} search={search} onSearch={onSearch} />
      </Screen>
    </>
  )
}

interface DifferencesProps {
  from: Environment
  to: Environment
  search: CompareSearch
  onSearch: OnSearch
}

function Differences({ from, to, search, onSearch }: DifferencesProps) {
  const project = useProject()
  const { data } = useSuspenseQuery(comparisonOf(project.id, { from: from.api_key, to: to.api_key }))
  const variants = useProjectVariants(project.id)
  const [selected, setSelected] = useState<ReadonlySet<FeatureId>>(new Set())
  const [promoted, setPromoted] = useState<readonly FeatureId[] | null>(null)
  const rows = useMemo(() => narrowed(data.features, search), [data, search])
  const chosen = rows.filter(({ feature }) => selected.has(feature.id)).map(({ feature }) => feature.id)
  if (data.features.length === 0) return <Equal compared={data.compared} from={from} to={to} />
  return (
    <>
      <CompareFilters comparison={data} search={search} onSearch={onSearch} />
      {rows.length === 0 ? (
        <NothingFits onSearch={onSearch} />
      ) : (
        <DifferenceList
          {...{ rows, variants, to, selected }}
          onSelect={setSelected}
          onPromote={(feature) => setPromoted([feature])}
        />
      )}
      <PromoteBar
        {...{ chosen, to }}
        onClear={() => setSelected(new Set())}
        onPromote={() => setPromoted(chosen)}
      />
      <PromoteDialog
        {...{ from, to, variants }}
        features={promoted}
        parts={search.part ? [search.part] : PARTS}
        onClose={() => setPromoted(null)}
        onDone={() => setSelected(new Set())}
      />
    </>
  )
}

function Equal({
  compared,
  from,
  to,
}: { from: Environment; to: Environment } & Pick<Comparison, 'compared'>) {
  return (
    <EmptyState icon={IconEqual} title={`${from.name} and ${to.name} are equal`}>
      {compared === 0
        ? 'There are no features yet.'
        : `All ${compared} features have the same state, value, weights and segment overrides.`}
    </EmptyState>
  )
}

function NothingFits({ onSearch }: { onSearch: OnSearch }) {
  return (
    <EmptyState
      title="No difference fits"
      action={
        <Button variant="default" onClick={() => onSearch({ search: undefined, part: undefined })}>
          Clear search and filters
        </Button>
      }
    />
  )
}
