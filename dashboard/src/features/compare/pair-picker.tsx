import { ActionIcon, Group, Select, Tooltip } from '@mantine/core'
import { IconArrowRight, IconArrowsExchange } from '@tabler/icons-react'
import type { Pair } from '@/data/compare'
import type { Environment } from '@/data/places'
import { environmentKeyFrom } from '@/lib/ids'
import { EnvironmentDot } from '@/widgets/environment-dot'
import classes from './compare.module.css'

interface PairPickerProps {
  environments: readonly Environment[]
  from: Environment
  to: Environment
  onPair: (pair: Pair) => void
}

/** From where to where. Choosing the other's environment swaps the two. */
export function PairPicker({ environments, from, to, onPair }: PairPickerProps) {
  const pair = { from: from.api_key, to: to.api_key }
  const swapped = { from: pair.to, to: pair.from }
  const choose = (side: 'from' | 'to', chosen: string) => {
    const key = environmentKeyFrom(chosen)
    const other = side === 'from' ? pair.to : pair.from
    onPair(key === other ? swapped : { ...pair, [side]: key })
  }
  return (
    <Group gap={6} pb="xs" wrap="nowrap" className={classes['pair']}>
      <EnvironmentSelect
        label="From"
        chosen={from}
        {...{ environments }}
        onChoose={(key) => choose('from', key)}
      />
      <IconArrowRight size={16} color="var(--text-muted)" aria-hidden />
      <EnvironmentSelect label="To" chosen={to} {...{ environments }} onChoose={(key) => choose('to', key)} />
      <Tooltip label="Swap">
        <ActionIcon aria-label="Swap the environments" onClick={() => onPair(swapped)}>
          <IconArrowsExchange size={16} />
        </ActionIcon>
      </Tooltip>
    </Group>
  )
}

interface EnvironmentSelectProps {
  label: string
  environments: readonly Environment[]
  chosen: Environment
  onChoose: (key: string) => void
}

export function EnvironmentSelect({ label, environments, chosen, onChoose }: EnvironmentSelectProps) {
  return (
    <Select
      aria-label={label}
      className={classes['environment'] ?? ''}
      allowDeselect={false}
      searchable={environments.length > 8}
      leftSection={<EnvironmentDot environment={chosen} />}
      data={environments.map(({ api_key, name }) => ({ value: api_key, label: name }))}
      value={chosen.api_key}
      onChange={(key) => key !== null && onChoose(key)}
    />
  )
}
