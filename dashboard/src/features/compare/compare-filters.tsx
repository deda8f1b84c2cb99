import { Chip, Group, Text, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import type { Comparison } from '@/data/compare'
import { count, plural } from '@/lib/format'
import type { CompareSearch, OnSearch } from './compare-search'
import { countsOf, PART_NAMES } from './model'

interface CompareFiltersProps {
  comparison: Comparison
  search: CompareSearch
  onSearch: OnSearch
}

/** Which of the differences are shown. */
export function CompareFilters({ comparison, search, onSearch }: CompareFiltersProps) {
  return (
    <Group gap="xs" pb="xs">
      <TextInput
        aria-label="Search the differing features"
        placeholder="Name"
        w={{ base: '100%', xs: 220 }}
        leftSection={<IconSearch size={15} />}
        value={search.search ?? ''}
        onChange={(event) => onSearch({ search: event.currentTarget.value || undefined })}
        onKeyDown={(event) => event.key === 'Escape' && onSearch({ search: undefined })}
      />
      {countsOf(comparison.features).map(([part, amount]) => (
        <Chip
          key={part}
          size="xs"
          variant="outline"
          checked={search.part === part}
          onChange={(checked) => onSearch({ part: checked ? part : undefined })}
        >
          {PART_NAMES[part]} {count(amount)}
        </Chip>
      ))}
      <Text size="sm" c="dimmed" ml="auto">
        {`${count(comparison.features.length)} of ${plural(comparison.compared, 'feature')} differ`}
      </Text>
    </Group>
  )
}
