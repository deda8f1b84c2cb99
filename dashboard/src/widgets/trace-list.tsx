import { Button, Drawer, Group, Switch, Text } from '@mantine/core'
import { useMemo, type ReactNode } from 'react'
import type { Explanation, ToldFlag } from '@/data/explain'
import { plural } from '@/lib/format'
import { Badge, ValueChip } from '@/ui/badge'
import { DataTable, type Column } from '@/ui/data-table'
import { SearchBox } from '@/ui/search-box'
import { EmptyState } from '@/ui/states'
import { FlagTrace } from './trace'
import { wantedFlags, type TraceSearch } from './trace-search'
import { outcomeWords } from './trace-steps'
import classes from './trace-list.module.css'

interface TraceListProps {
  /** Whose flags they are: "lena in Production". */
  whose: string
  explanation: Explanation
  search: TraceSearch
  onSearch: (changes: Partial<TraceSearch>) => void
  /** What stands below the trace of the open flag. */
  below?: (flag: ToldFlag) => ReactNode
}

/** Every flag with its value and the rule that decided; the open one with all rules that were asked. */
export function TraceList({ whose, explanation, search, onSearch, below }: TraceListProps) {
  const rows = useMemo(() => wantedFlags(explanation.flags, search), [explanation.flags, search])
  const columns = useMemo(() => columnsFor((flag) => onSearch({ flag })), [onSearch])
  const open = explanation.flags.find(({ feature }) => feature.id === search.flag)
  return (
    <>
      <TraceFilters search={search} onSearch={onSearch} shown={rows.length} />
      <div className={classes['table']}>
        {rows.length > 0 ? (
          <DataTable
            label={`Flags of ${whose}`}
            rows={rows}
            columns={columns}
            rowKey={(row) => row.feature.id}
          />
        ) : explanation.flags.length === 0 ? (
          <EmptyState title="No flags yet">
            Create a feature, and what it is for them appears here.
          </EmptyState>
        ) : (
          <EmptyState
            title="No flag fits"
            action={
              <Button variant="default" onClick={() => onSearch({ search: undefined, special: undefined })}>
                Show all flags
              </Button>
            }
          />
        )}
      </div>
      <Drawer
        opened={open !== undefined}
        onClose={() => onSearch({ flag: undefined })}
        position="right"
        size="md"
        title={open && `${open.feature.name} for ${whose}`}
      >
        {open && (
          <div className={classes['open']}>
            <FlagTrace flag={open} segments={explanation.segments} />
            {below?.(open)}
          </div>
        )}
      </Drawer>
    </>
  )
}

function TraceFilters({
  search,
  onSearch,
  shown,
}: Pick<TraceListProps, 'search' | 'onSearch'> & { shown: number }) {
  return (
    <Group gap="sm" pb="xs">
      <SearchBox
        id="trace-search"
        label="Search the flags"
        placeholder="Name or value"
        w={{ base: '100%', xs: 240 }}
        text={search.search}
        onText={(text) => onSearch({ search: text })}
      />
      <Switch
        size="sm"
        label="Only what a rule decided"
        checked={search.special ?? false}
        onChange={(event) => onSearch({ special: event.currentTarget.checked || undefined })}
      />
      <Text size="sm" c="dimmed" visibleFrom="xs" ml="auto">
        {plural(shown, 'flag')}
      </Text>
    </Group>
  )
}

function columnsFor(onOpen: (flag: number) => void): Column<ToldFlag>[] {
  return [
    {
      id: 'name',
      header: 'Flag',
      width: 'minmax(0, 2fr)',
      cell: ({ feature }) => (
        <button type="button" className={classes['name']} onClick={() => onOpen(feature.id)}>
          {feature.name}
        </button>
      ),
    },
    {
      id: 'state',
      header: 'State',
      width: '64px',
      cell: ({ enabled }) => <Badge tone={enabled ? 'positive' : 'neutral'}>{enabled ? 'On' : 'Off'}</Badge>,
    },
    {
      id: 'value',
      header: 'Value',
      width: 'minmax(60px, 1fr)',
      cell: ({ value }) => <ValueChip value={value} />,
    },
    {
      id: 'why',
      header: 'Why',
      width: 'minmax(0, 2fr)',
      wide: true,
      cell: (flag) => (
        <span
          className={classes['why']}
          data-special={!['default', 'split'].includes(flag.decided_by.kind) || undefined}
        >
          {outcomeWords(flag)}
        </span>
      ),
    },
  ]
}
