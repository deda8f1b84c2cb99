import { Link } from '@tanstack/react-router'
import type { FlagRow } from '@/data/matrix'
import type { Environment, Project } from '@/data/places'
import { plural } from '@/lib/format'
import type { EnvironmentId, FeatureId } from '@/lib/ids'
import { Badge } from '@/ui/badge'
import { Checkbox } from '@/ui/checkbox'
import type { Column } from '@/ui/data-table'
import { Sparkline } from '@/ui/sparkline'
import { EnvironmentName } from '@/widgets/environment-dot'
import { ChangedBy, Moment } from '@/widgets/moment'
import { cellKey } from './edits'
import { FlagCell, Overrides, Weights } from './flag-cell'
import { ToggleFlag } from './toggle-flag'
import type { Cells } from './use-cells'
import { ValueCell } from './value-cell'
import { memo, type CSSProperties } from 'react'
import classes from './flag-list.module.css'

export interface Selection {
  chosen: ReadonlySet<FeatureId>
  toggle: (id: FeatureId) => void
  toggleAll: () => void
  state: 'none' | 'some' | 'all'
}

export interface Table {
  project: Project
  environment: Environment
  /** The columns of the matrix. */
  environments: readonly Environment[]
  changeable: ReadonlySet<EnvironmentId>
  cells: Cells
  selection: Selection
}

/** One environment in depth. */
export function columnsOfOne(table: Table): Column<FlagRow>[] {
  const { environment, changeable, cells } = table
  const may = changeable.has(environment.id)
  return [
    nameColumn(table, 'minmax(0, 3fr)'),
    {
      id: 'value',
      header: 'Value',
      width: 'minmax(70px, 1.2fr)',
      parts: true,
      cell: (row) => <ValueCell {...{ row, environment, may, ...editing(row, environment, cells) }} />,
    },
    {
      id: 'overrides',
      header: 'For some',
      width: '110px',
      parts: true,
      sortable: true,
      wide: true,
      cell: (row) => <ForSome row={row} environment={environment} />,
    },
    ...aboutColumns(table),
    {
      id: 'state',
      header: 'State',
      width: '48px',
      parts: true,
      sortable: true,
      align: 'end',
      cell: (row) => <ToggleFlag {...{ row, environment, may }} save={cells.save} />,
    },
  ]
}

/** All environments side by side. */
export function columnsOfAll(table: Table): Column<FlagRow>[] {
  const { cells } = table
  return [
    nameColumn(table, 'clamp(132px, 24vw, 340px)'),
    ...table.environments.map((environment): Column<FlagRow> => {
      const may = table.changeable.has(environment.id)
      return {
        id: `environment-${environment.id}`,
        header: <EnvironmentName environment={environment} />,
        width: 'minmax(170px, 1fr)',
        parts: true,
        cell: (row) => (
          <FlagCell {...{ row, environment, may, save: cells.save, ...editing(row, environment, cells) }} />
        ),
      }
    }),
    ...aboutColumns(table),
  ]
}

function editing(row: FlagRow, environment: Environment, { edits, edit }: Cells) {
  return { edit: edits.get(cellKey(row.id, environment)), onEdit: edit }
}

function nameColumn({ project, environment, selection }: Table, width: string): Column<FlagRow> {
  return {
    id: 'name',
    header: 'Name',
    width,
    sortable: true,
    pinned: true,
    parts: true,
    lead: (
      <Checkbox
        label="Select all"
        checked={selection.state === 'all'}
        mixed={selection.state === 'some'}
        onToggle={selection.toggleAll}
      />
    ),
    cell: (row) => (
      <Name
        {...{ row, project, environment }}
        isChosen={selection.chosen.has(row.id)}
        onToggle={selection.toggle}
      />
    ),
  }
}

function aboutColumns({ environments }: Table): Column<FlagRow>[] {
  return [
    {
      id: 'changed',
      header: 'Last change',
      width: '150px',
      sortable: true,
      wide: true,
      cell: (row) => <LastChange row={row} environments={environments} />,
    },
    {
      id: 'evaluated',
      header: 'Evaluated',
      width: '64px',
      sortable: true,
      wide: true,
      cell: (row) => <Evaluated row={row} />,
    },
  ]
}

interface NameProps {
  row: FlagRow
  project: Project
  environment: Environment
  isChosen: boolean
  onToggle: Selection['toggle']
}

// Cells are drawn again only when what they show changes: a key of the search is a matter of the rows that come.
const Name = memo(function Name({ row, project, environment, isChosen, onToggle }: NameProps) {
  return (
    <>
      <Checkbox label={`Select ${row.name}`} checked={isChosen} onToggle={() => onToggle(row.id)} />
      <Link
        className={classes['title']}
        title={row.name}
        to="/project/$projectId/environment/$environmentKey/features/$featureId"
        params={{
          projectId: String(project.id),
          environmentKey: environment.api_key,
          featureId: String(row.id),
        }}
      >
        {row.name}
      </Link>
      {row.is_server_key_only && <Badge title="Only server-side SDKs get it">server only</Badge>}
      {row.is_stale && (
        <Badge tone="warning" title="Not changed for a long time; it may be ready to go">
          stale
        </Badge>
      )}
      {row.tags.map((tag) => (
        <span key={tag.id} className={classes['tag']} style={tagColour(tag.color)}>
          {tag.label}
        </span>
      ))}
      <span className={classes['about']}>{row.description}</span>
    </>
  )
})

interface InPlace {
  row: FlagRow
  environment: Environment
}

const ForSome = memo(function ForSome({ row, environment }: InPlace) {
  const cell = row.states[environment.id]
  if (!cell) return null
  return (
    <>
      <Weights row={row} cell={cell} />
      <Overrides cell={cell} />
    </>
  )
})

interface InPlaces {
  row: FlagRow
  environments: readonly Environment[]
}

const LastChange = memo(function LastChange({ row, environments }: InPlaces) {
  const { last_change: change } = row
  if (!change)
    return (
      <span className={classes['quiet']}>
        Made <Moment at={row.created_date} />
      </span>
    )
  const where = environments.find(({ id }) => id === change.environment)
  return (
    <span className={classes['quiet']} title={where && `In ${where.name}`}>
      {change.by ? <ChangedBy who={change.by} at={change.at} /> : <Moment at={change.at} />}
    </span>
  )
})

const Evaluated = memo(function Evaluated({ row }: { row: FlagRow }) {
  const sum = row.evaluations.reduce((total, each) => total + each, 0)
  const label = row.last_evaluated
    ? `Last evaluated on ${row.last_evaluated}, ${plural(sum, 'time')} in 14 days`
    : 'Not evaluated yet, as far as is known'
  return (
    <span title={label}>
      <Sparkline label={label} counts={row.evaluations} />
    </span>
  )
})

function tagColour(colour: string): CSSProperties & Record<'--tag-colour', string> {
  return { '--tag-colour': colour }
}
