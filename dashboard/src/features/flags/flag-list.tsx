import { Button } from '@mantine/core'
import { IconFlag, IconPlus } from '@tabler/icons-react'
import { useMemo, type CSSProperties } from 'react'
import type { Feature, Tag } from '@/data/features'
import type { Environment } from '@/data/places'
import { plural } from '@/lib/format'
import type { ProjectId } from '@/lib/ids'
import { Badge, ValueChip } from '@/ui/badge'
import { DataTable, type Column } from '@/ui/data-table'
import { EmptyState } from '@/ui/states'
import { Moment } from '@/widgets/moment'
import { SORTS, type FlagSearch } from './flag-search'
import { isFiltered, overrideCount, tagsOfFeature, wanted } from './model'
import { ToggleFlag } from './toggle-flag'
import classes from './flag-list.module.css'

interface FlagListProps {
  project: ProjectId
  environment: Environment
  features: readonly Feature[]
  tags: readonly Tag[]
  search: FlagSearch
  onSearch: (changes: Partial<FlagSearch>) => void
  onCreate: () => void
}

export function FlagList({
  project,
  environment,
  features,
  tags,
  search,
  onSearch,
  onCreate,
}: FlagListProps) {
  const rows = useMemo(() => wanted(features, search), [features, search])
  const columns = useMemo(() => columnsFor(project, environment, tags), [project, environment, tags])
  if (rows.length === 0)
    return isFiltered(search) || features.length > 0 ? (
      <NothingFits onClear={() => onSearch(NO_FILTER)} />
    ) : (
      <NoFlagsYet onCreate={onCreate} />
    )
  return (
    <div className={classes['table']}>
      <DataTable
        label={`Features in ${environment.name}`}
        rows={rows}
        columns={columns}
        rowKey={(feature) => feature.id}
        sorting={{ by: search.sort ?? 'name', descending: search.descending ?? false }}
        onSort={({ by, descending }) =>
          onSearch({ sort: SORTS.find((sort) => sort === by), descending: descending || undefined })
        }
      />
    </div>
  )
}

const NO_FILTER: Partial<FlagSearch> = {
  search: undefined,
  tags: undefined,
  state: undefined,
  type: undefined,
  is_archived: undefined,
}

function columnsFor(project: ProjectId, environment: Environment, tags: readonly Tag[]): Column<Feature>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(0, 3fr)',
      sortable: true,
      cell: (row) => <Name feature={row} tags={tags} />,
    },
    { id: 'value', header: 'Value', width: 'minmax(70px, 1fr)', cell: (row) => <Value feature={row} /> },
    {
      id: 'overrides',
      header: 'Overrides',
      width: '130px',
      sortable: true,
      wide: true,
      cell: (row) => <Overrides feature={row} />,
    },
    {
      id: 'created',
      header: 'Created',
      width: '110px',
      sortable: true,
      wide: true,
      cell: (row) => (
        <span className={classes['quiet']}>
          <Moment at={row.created_date} />
        </span>
      ),
    },
    {
      id: 'state',
      header: 'State',
      width: '78px',
      sortable: true,
      align: 'end',
      cell: (row) => <ToggleFlag project={project} environment={environment} feature={row} />,
    },
  ]
}

function Name({ feature, tags }: { feature: Feature; tags: readonly Tag[] }) {
  return (
    <span className={classes['name']}>
      <span className={classes['title']} title={feature.name}>
        {feature.name}
      </span>
      {feature.is_server_key_only && <Badge title="Only server-side SDKs get it">server only</Badge>}
      {tagsOfFeature(feature, tags).map((tag) => (
        <span key={tag.id} className={classes['tag']} style={tagColour(tag)}>
          {tag.label}
        </span>
      ))}
      <span className={classes['about']}>{feature.description}</span>
    </span>
  )
}

function Value({ feature }: { feature: Feature }) {
  if (feature.type === 'MULTIVARIATE')
    return <Badge tone="accent">{plural(feature.multivariate_options.length, 'variant')}</Badge>
  return <ValueChip value={feature.environment_feature_state?.feature_state_value ?? null} />
}

function Overrides({ feature }: { feature: Feature }) {
  if (overrideCount(feature) === 0) return <span className={classes['quiet']}>–</span>
  const segments = feature.num_segment_overrides ?? 0
  const identities = feature.num_identity_overrides ?? 0
  return (
    <span className={classes['quiet']}>
      {[
        segments > 0 && plural(segments, 'segment'),
        identities > 0 && plural(identities, 'identity', 'identities'),
      ]
        .filter(Boolean)
        .join(', ')}
    </span>
  )
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

function tagColour(tag: Tag): CSSProperties & Record<'--tag-colour', string> {
  return { '--tag-colour': tag.color }
}
