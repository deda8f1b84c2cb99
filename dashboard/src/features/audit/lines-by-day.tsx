import { Button, Group, Pagination, Text } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { keepPreviousData, useQuery, type QueryKey, type UseQueryOptions } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { LINES_A_PAGE, type AuditLine } from '@/data/audit'
import type { Page } from '@/lib/api-client'
import { plural } from '@/lib/format'
import { EmptyState, ListSkeleton } from '@/ui/states'
import { isFiltered, NO_FILTER, type AuditSearch, type OnSearch } from './audit-search'
import { byDay } from './model'
import classes from './audit.module.css'

interface LinesByDayProps<Line extends AuditLine, Key extends QueryKey> {
  question: UseQueryOptions<Page<Line>, Error, Page<Line>, Key>
  search: AuditSearch
  onSearch: OnSearch
  /** What one line is. */
  counted: string
  /** What will stand here. */
  nothing: string
  row: (line: Line) => ReactNode
}

/** The lines by day, newest first. The last ones stay in sight until the next ones are there. */
export function LinesByDay<Line extends AuditLine, Key extends QueryKey>({
  question,
  search,
  onSearch,
  counted,
  nothing,
  row,
}: LinesByDayProps<Line, Key>) {
  const { data, isPlaceholderData } = useQuery({
    ...question,
    placeholderData: keepPreviousData,
    throwOnError: true,
  })
  if (!data) return <ListSkeleton />
  if (data.count === 0)
    return isFiltered(search) ? (
      <NothingFits counted={counted} onClear={() => onSearch(NO_FILTER)} />
    ) : (
      <EmptyState icon={IconHistory} title="Nothing happened yet">
        {nothing}
      </EmptyState>
    )
  const pages = Math.ceil(data.count / LINES_A_PAGE)
  return (
    <div aria-busy={isPlaceholderData} className={classes['log']}>
      {byDay(data.results).map(({ date, lines }) => (
        <section key={date} aria-label={dayName(date)}>
          <h2 className={classes['day']}>{dayName(date)}</h2>
          <ul className={classes['lines']}>{lines.map(row)}</ul>
        </section>
      ))}
      <Group pt="sm" justify="space-between">
        <Text size="sm" c="dimmed">
          {plural(data.count, counted)}
        </Text>
        {pages > 1 && (
          <Pagination
            size="sm"
            total={pages}
            value={search.page ?? 1}
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

function NothingFits({ counted, onClear }: { counted: string; onClear: () => void }) {
  return (
    <EmptyState
      icon={IconHistory}
      title={`No ${counted} fits`}
      action={
        <Button variant="default" onClick={onClear}>
          Clear all filters
        </Button>
      }
    />
  )
}
