import { Table } from '@mantine/core'
import type { Usage } from '@/data/usage'
import { count } from '@/lib/format'
import { momentName, type Line } from './model'
import classes from './usage.module.css'

interface MomentTableProps {
  usage: Usage
  lines: readonly Line[]
  label: string
}

/** The chart's numbers, the newest moment first. */
export function MomentTable({ usage, lines, label }: MomentTableProps) {
  const places = usage.moments.map((_, place) => place).reverse()
  return (
    <Table.ScrollContainer
      minWidth={160 + lines.length * 96}
      maxHeight={420}
      scrollAreaProps={{ tabIndex: 0 }}
    >
      <Table aria-label={label} stickyHeader verticalSpacing={5}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{usage.step === 'hour' ? 'Hour' : 'Day (UTC)'}</Table.Th>
            {lines.map(({ id, label: name }) => (
              <Table.Th key={id} className={classes['number'] ?? ''}>
                {name}
              </Table.Th>
            ))}
            <Table.Th className={classes['number'] ?? ''}>All</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {places.map((place) => (
            <Table.Tr key={place}>
              <Table.Th scope="row" fw={400}>
                {momentName(usage.moments[place] ?? '', usage.step)}
              </Table.Th>
              {lines.map(({ id, counts }) => (
                <Table.Td key={id} className={classes['number'] ?? ''}>
                  {count(counts[place] ?? 0)}
                </Table.Td>
              ))}
              <Table.Td className={classes['number'] ?? ''}>
                {count(lines.reduce((sum, { counts }) => sum + (counts[place] ?? 0), 0))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
