import { Button, Skeleton } from '@mantine/core'
import { IconChartBar } from '@tabler/icons-react'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { environmentsOf } from '@/data/places'
import { usageOf, type What } from '@/data/usage'
import { count } from '@/lib/format'
import type { ProjectId } from '@/lib/ids'
import { Chart } from '@/ui/chart'
import { EmptyState } from '@/ui/states'
import { environmentColour } from '@/widgets/environment-colour'
import { linesOf, pointsOf, SPLIT_NAMES } from './model'
import { SeriesTable } from './series-table'
import { MomentTable } from './moment-table'
import { usageQuery, type OnSearch, type PictureSearch } from './usage-search'
import classes from './usage.module.css'

interface UsagePictureProps {
  project: ProjectId
  search: PictureSearch
  /** Without it the filters stay as they are. */
  onSearch?: OnSearch
}

const NOUNS: Record<What, string> = {
  requests: 'API calls',
  evaluations: 'evaluations',
  outcomes: 'server-side evaluations',
}
const ONE: Record<What, string> = {
  requests: 'API call',
  evaluations: 'evaluation',
  outcomes: 'server-side evaluation',
}
const NONE_YET: Record<What, string> = {
  requests: 'As soon as an app asks for its flags, it is counted here.',
  evaluations:
    'SDKs that evaluate for themselves report every few seconds, if analytics are switched on in them.',
  outcomes: 'As soon as the server tells an app what it gets of this flag, it is counted here.',
}
const HEIGHT = 280

/** The sum, the chart or its numbers, and who had how much of it. */
export function UsagePicture({ project, search, onSearch }: UsagePictureProps) {
  const query = usageQuery(search)
  const { data: usage, isPlaceholderData } = useQuery({ ...usageOf(project, query), throwOnError: isFirst })
  const { data: environments } = useSuspenseQuery(environmentsOf(project))
  if (!usage) return <Skeleton height={HEIGHT} role="status" aria-label="Loading" />
  if (usage.total === 0) return <NoUsage {...{ search, onSearch }} what={query.what} />
  const colourOf = (key: string | null) => {
    const environment = environments.find(({ id }) => String(id) === key)
    return usage.by === 'environment' && environment ? environmentColour(environment) : undefined
  }
  const lines = linesOf(usage, colourOf)
  const split = SPLIT_NAMES[usage.by]
  return (
    <div className={classes['picture']} aria-busy={isPlaceholderData}>
      <p className={classes['total']}>
        <strong>{count(usage.total)}</strong> {usage.total === 1 ? ONE[query.what] : NOUNS[query.what]}
      </p>
      {search.view === 'table' ? (
        <MomentTable usage={usage} lines={lines} label={`${NOUNS[query.what]} over time`} />
      ) : (
        <Chart
          label={`${NOUNS[query.what]} by ${split.toLowerCase()} over time; the table has the numbers`}
          points={pointsOf(usage, lines)}
          along="moment"
          series={lines.map(({ id, label, colour }) => ({ name: id, label, colour }))}
          height={HEIGHT}
        />
      )}
      <SeriesTable usage={usage} lines={lines} split={split} />
    </div>
  )
}

/** A later failure keeps what is shown: the next try is seconds away. */
function isFirst(_error: Error, { state }: { state: { data: unknown } }): boolean {
  return state.data === undefined
}

interface NoUsageProps {
  search: PictureSearch
  onSearch: OnSearch | undefined
  what: What
}

function NoUsage({ search, onSearch, what }: NoUsageProps) {
  const isNarrowed = search.env !== undefined || search.feature !== undefined
  return (
    <EmptyState
      icon={IconChartBar}
      title={`No ${NOUNS[what]} in this period`}
      action={
        isNarrowed &&
        onSearch && (
          <Button variant="default" onClick={() => onSearch({ env: undefined, feature: undefined })}>
            Clear the filters
          </Button>
        )
      }
    >
      {NONE_YET[what]}
    </EmptyState>
  )
}
