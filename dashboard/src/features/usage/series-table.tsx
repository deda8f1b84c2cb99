import { Table } from '@mantine/core'
import type { Usage } from '@/data/usage'
import { count } from '@/lib/format'
import { HUES } from '@/ui/hues'
import { nameOf, share, type Line } from './model'
import classes from './usage.module.css'

interface SeriesTableProps {
  usage: Usage
  lines: readonly Line[]
  split: string
}

/** Each series with its part of the whole: also the legend of the chart. */
export function SeriesTable({ usage, lines, split }: SeriesTableProps) {
  return (
    <Table className={classes['series'] ?? ''} verticalSpacing={6} maw={720}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{split}</Table.Th>
          <Table.Th className={classes['number'] ?? ''}>Count</Table.Th>
          <Table.Th className={classes['number'] ?? ''}>Share</Table.Th>
          <Table.Th aria-label="Share as a bar" className={classes['bar-cell'] ?? ''} />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {usage.series.map((series, place) => {
          const colour = lines[place]?.id === `line${place}` ? lines[place].colour : HUES.slate
          return (
            <Table.Tr key={series.key ?? ''}>
              <Table.Th scope="row" fw={400} className={classes['label'] ?? ''}>
                <span className={classes['swatch']} style={{ background: colour }} aria-hidden />
                {nameOf(usage.by, series)}
              </Table.Th>
              <Table.Td className={classes['number'] ?? ''}>{count(series.total)}</Table.Td>
              <Table.Td className={classes['number'] ?? ''}>{share(series.total, usage.total)}</Table.Td>
              <Table.Td className={classes['bar-cell'] ?? ''} aria-hidden>
                <span
                  className={classes['bar']}
                  style={{ width: `${(series.total / usage.total) * 100}%`, background: colour }}
                />
              </Table.Td>
            </Table.Tr>
          )
        })}
      </Table.Tbody>
    </Table>
  )
}
