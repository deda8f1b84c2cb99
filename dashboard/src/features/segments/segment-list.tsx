import { Button } from '@mantine/core'
import { IconPlus, IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Environment } from '@/data/places'
import { previewOf, usageOf, type Segment } from '@/data/segments'
import { count, plural } from '@/lib/format'
import { Badge } from '@/ui/badge'
import { DataTable, type Column } from '@/ui/data-table'
import { ListBody } from '@/ui/list-frame'
import { EmptyState } from '@/ui/states'
import { Can } from '@/widgets/can'
import { Moment } from '@/widgets/moment'
import { usePlace } from '@/widgets/place'
import { SegmentSentence } from '@/widgets/segment-sentence'
import { useProject } from '@/widgets/use-environment'
import { SegmentMenu } from './segment-menu'
import { SORTS, type SegmentSearch } from './segment-search'
import classes from './segments.module.css'

interface SegmentListProps {
  rows: readonly Segment[]
  /** Whether the project has no segment at all. */
  isEmpty: boolean
  search: SegmentSearch
  onSearch: (changes: Partial<SegmentSearch>) => void
  onCreate: () => void
}

export function SegmentList({ rows, isEmpty, search, onSearch, onCreate }: SegmentListProps) {
  const { environment } = usePlace()
  const columns = useMemo(() => columnsFor(environment), [environment])
  if (isEmpty) return <NoSegmentsYet onCreate={onCreate} />
  if (rows.length === 0)
    return (
      <EmptyState
        title="No segment fits"
        action={
          <Button variant="default" onClick={() => onSearch({ search: undefined, specific: true })}>
            Clear the search
          </Button>
        }
      />
    )
  return (
    <ListBody>
      <DataTable
        label="Segments"
        rows={rows}
        columns={columns}
        rowKey={(segment) => segment.id}
        sorting={{ by: search.sort ?? 'name', descending: search.descending ?? false }}
        onSort={({ by, descending }) =>
          onSearch({ sort: SORTS.find((sort) => sort === by), descending: descending || undefined })
        }
      />
    </ListBody>
  )
}

function columnsFor(environment: Environment | null): Column<Segment>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(0, 2fr)',
      sortable: true,
      cell: (row) => <Name segment={row} />,
    },
    {
      id: 'rule',
      header: 'Who is in it',
      width: 'minmax(0, 3fr)',
      cell: (row) => <SegmentSentence rules={row.rules} oneLine />,
    },
    { id: 'usage', header: 'Used by', width: '96px', wide: true, cell: (row) => <Usage segment={row} /> },
    {
      id: 'size',
      header: environment ? `In ${environment.name}` : 'Size',
      width: '150px',
      wide: true,
      cell: (row) => environment && <Size segment={row} environment={environment} />,
    },
    {
      id: 'updated',
      header: 'Changed',
      width: '112px',
      sortable: true,
      wide: true,
      cell: (row) => (
        <span className={classes['quiet']}>
          <Moment at={row.updated_at} />
        </span>
      ),
    },
    { id: 'menu', header: '', width: '44px', align: 'end', cell: (row) => <SegmentMenu segment={row} /> },
  ]
}

function Name({ segment }: { segment: Segment }) {
  return (
    <span className={classes['name']}>
      <Link
        to="/project/$projectId/segments/$segmentId"
        params={{ projectId: String(segment.project), segmentId: String(segment.id) }}
        className={classes['title'] ?? ''}
        title={segment.name}
      >
        {segment.name}
      </Link>
      {segment.feature !== null && <Badge title="For one feature only">one feature</Badge>}
      <span className={classes['about']}>{segment.description}</span>
    </span>
  )
}

function Usage({ segment }: { segment: Segment }) {
  const { data } = useQuery(usageOf(segment.project, segment.id))
  if (!data) return null
  const flags = new Set(data.map(({ feature }) => feature)).size
  return <span className={classes['quiet']}>{flags === 0 ? 'nothing' : plural(flags, 'flag')}</span>
}

function Size({ segment, environment }: { segment: Segment; environment: Environment }) {
  const asked = { rules: segment.rules, environment: environment.api_key }
  const { data, isError } = useQuery(previewOf(segment.project, asked))
  if (isError || data?.matching === null) return <span className={classes['quiet']}>–</span>
  if (!data) return <span className={classes['quiet']}>counting…</span>
  const share = data.examined > 0 ? (100 * data.matching) / data.examined : 0
  return (
    <span
      className={classes['size']}
      title={`${count(data.matching)} of ${plural(data.examined, 'identity', 'identities')} looked at`}
    >
      <span className={classes['bar']} aria-hidden>
        <span style={{ width: `${share}%` }} />
      </span>
      <span>{count(data.matching)}</span>
    </span>
  )
}

function NoSegmentsYet({ onCreate }: { onCreate: () => void }) {
  const project = useProject()
  return (
    <EmptyState
      icon={IconUsersGroup}
      title="No segments yet"
      action={
        <Can do="MANAGE_SEGMENTS" in={{ project: project.id }}>
          <Button leftSection={<IconPlus size={16} />} onClick={onCreate}>
            Create the first segment
          </Button>
        </Can>
      }
    >
      A segment says who, by traits: “plan is pro and country is one of DE, AT”. Flags can then be on, or have
      another value, for them.
    </EmptyState>
  )
}
