import { Button } from '@mantine/core'
import { IconId } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { FoundIdentity } from '@/data/identities'
import type { Environment } from '@/data/places'
import { dayAgo, plural } from '@/lib/format'
import type { ProjectId } from '@/lib/ids'
import { DataTable, type Column } from '@/ui/data-table'
import { ListBody } from '@/ui/list-frame'
import { EmptyState } from '@/ui/states'
import { Moment } from '@/widgets/moment'
import { isNarrowed, type IdentitySearch } from './identity-search'
import classes from './identities.module.css'

interface Place {
  project: ProjectId
  environment: Environment
}

interface IdentityListProps {
  rows: readonly FoundIdentity[]
  place: Place
  search: IdentitySearch
  onSearch: (changes: Partial<IdentitySearch>) => void
}

export function IdentityList({ rows, place, search, onSearch }: IdentityListProps) {
  const { project, environment } = place
  const columns = useMemo(() => columnsFor({ project, environment }), [project, environment])
  if (rows.length === 0)
    return isNarrowed(search) ? (
      <EmptyState
        title="Nobody fits"
        action={
          <Button
            variant="default"
            onClick={() => onSearch({ q: undefined, trait: undefined, page: undefined })}
          >
            Clear search and filters
          </Button>
        }
      />
    ) : (
      <EmptyState icon={IconId} title="No identities yet">
        They appear by themselves when an app asks for the flags of an identifier in {environment.name}.
      </EmptyState>
    )
  return (
    <ListBody>
      <DataTable
        label={`Identities in ${environment.name}`}
        rows={rows}
        columns={columns}
        rowKey={(identity) => identity.id}
      />
    </ListBody>
  )
}

function columnsFor(place: Place): Column<FoundIdentity>[] {
  return [
    {
      id: 'identifier',
      header: 'Identifier',
      width: 'minmax(0, 2fr)',
      cell: (row) => <Identifier identity={row} place={place} />,
    },
    {
      id: 'traits',
      header: 'Traits',
      width: 'minmax(0, 3fr)',
      wide: true,
      cell: (row) => <Traits traits={row.traits} />,
    },
    {
      id: 'overrides',
      header: 'Overrides',
      width: '96px',
      cell: (row) => (
        <span className={classes['quiet']}>{row.overrides === 0 ? '–' : plural(row.overrides, 'flag')}</span>
      ),
    },
    {
      id: 'seen',
      header: 'Last seen',
      width: '108px',
      cell: (row) => (
        <span className={classes['quiet']} title={row.last_seen ?? 'No app has asked for it yet'}>
          {dayAgo(row.last_seen)}
        </span>
      ),
    },
    {
      id: 'created',
      header: 'Created',
      width: '108px',
      wide: true,
      cell: (row) => (
        <span className={classes['quiet']}>
          <Moment at={row.created_date} />
        </span>
      ),
    },
  ]
}

function Identifier({ identity, place }: { identity: FoundIdentity; place: Place }) {
  return (
    <Link
      to="/project/$projectId/environment/$environmentKey/users/$identifier/$identityId"
      params={{
        projectId: String(place.project),
        environmentKey: place.environment.api_key,
        identifier: identity.identifier,
        identityId: String(identity.id),
      }}
      className={classes['identifier'] ?? ''}
      title={identity.identifier}
    >
      {identity.identifier}
    </Link>
  )
}

const SHOWN = 4

function Traits({ traits }: Pick<FoundIdentity, 'traits'>) {
  const all = Object.entries(traits)
  if (all.length === 0) return <span className={classes['quiet']}>–</span>
  const words = all.map(([key, value]) => `${key}: ${String(value)}`)
  return (
    <span className={classes['traits']} title={words.join('\n')}>
      {all.slice(0, SHOWN).map(([key, value]) => (
        <code key={key} className={classes['trait']}>
          <span>{key}</span> {String(value)}
        </code>
      ))}
      {all.length > SHOWN && <span className={classes['quiet']}>+{all.length - SHOWN}</span>}
    </span>
  )
}
