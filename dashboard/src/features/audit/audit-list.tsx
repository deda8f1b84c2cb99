import { Button, Group, Pagination, Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { auditOf, LINES_A_PAGE } from '@/data/audit'
import { plural } from '@/lib/format'
import type { ProjectId } from '@/lib/ids'
import { EmptyState, ListSkeleton } from '@/ui/states'
import { useProjectVariants } from '@/widgets/variant-names'
import { AuditRow } from './audit-row'
import { isFiltered, NO_FILTER, queryFrom, type AuditSearch, type OnSearch } from './audit-search'
import { byDay } from './model'
import classes from './audit.module.css'

interface AuditListProps {
  project: ProjectId
  search: AuditSearch
  onSearch: OnSearch
}

/** The lines by day, newest first. The last ones stay in sight until the next ones are there. */
export function AuditList({ project, search, onSearch }: AuditListProps) {
  const page = search.page ?? 1
  const variants = useProjectVariants(project)
  const { data, isPlaceholderData } = useQuery({
    ...auditOf(project, queryFrom(search), page),
    placeholderData: keepPreviousData,
    throwOnError: true,
  })
  if (!data) return <ListSkeleton />
  if (data.count === 0) return <NoLines isNarrowed={isFiltered(search)} onClear={() => onSearch(NO_FILTER)} />
  const pages = Math.ceil(data.count / LINES_A_PAGE)
  return (
    <div aria-busy={isPlaceholderData} className={classes['log']}>
      {byDay(data.results).map(({ date, lines }) => (
        <section key={date} aria-label={dayName(date)}>
          <h2 className={classes['day']}>{dayName(date)}</h2>
          <ul className={classes['lines']}>
            {lines.map((line) => (
              <AuditRow key={line.id} project={project} line={line} variants={variants} />
            ))}
          </ul>
        </section>
      ))}
      <Group pt="sm" justify="space-between">
        <Text size="sm" c="dimmed">
          {plural(data.count, 'change')}
        </Text>
        {pages > 1 && (
          <Pagination
            size="sm"
            total={pages}
            value={page}
            onChange={(next) => onSearch({ page: next === 1 ? undefined : next })}
            getControlProps={(control) => ({ 'aria-label': `Go to the ${control} page` })}
          />
        )}
      </Group>
    </div>
  )
}

const dayFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'full' })

function dayName(date: string): string {
  return dayFormat.format(new Date(`${date}T12:00:00`))
}

function NoLines({ isNarrowed, onClear }: { isNarrowed: boolean; onClear: () => void }) {
  if (!isNarrowed)
    return (
      <EmptyState icon={IconHistory} title="Nothing happened yet">
        Every change of this project will stand here, with who made it and what it was before.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={IconHistory}
      title="No change fits"
      action={
        <Button variant="default" onClick={onClear}>
          Clear all filters
        </Button>
      }
    />
  )
}
