import {
  CloseButton,
  Group,
  Indicator,
  ActionIcon,
  MultiSelect,
  Popover,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import { IconAdjustmentsHorizontal, IconSearch } from '@tabler/icons-react'
import type { Tag } from '@/data/features'
import { plural } from '@/lib/format'
import { isFiltered } from './model'
import type { FlagSearch } from './flag-search'

interface FlagFiltersProps {
  search: FlagSearch
  onSearch: (changes: Partial<FlagSearch>) => void
  tags: readonly Tag[]
  total: number
}

/** What narrows the list; each part is in the address. */
export function FlagFilters({ search, onSearch, tags, total }: FlagFiltersProps) {
  return (
    <Group gap="xs" pb="xs">
      <TextInput
        id="feature-search"
        aria-label="Search the features"
        placeholder="Name, description or value"
        w={{ base: '100%', xs: 280 }}
        flex={{ base: 1, xs: '0 0 auto' }}
        leftSection={<IconSearch size={15} />}
        value={search.search ?? ''}
        onChange={(event) => onSearch({ search: event.currentTarget.value || undefined })}
        onKeyDown={(event) => event.key === 'Escape' && onSearch({ search: undefined })}
        rightSection={
          search.search ? (
            <CloseButton
              size="sm"
              aria-label="Clear the search"
              onClick={() => onSearch({ search: undefined })}
            />
          ) : null
        }
      />
      <MoreFilters {...{ search, onSearch, tags }} />
      <Text size="sm" c="dimmed" visibleFrom="xs" ml="auto">
        {plural(total, 'feature')}
      </Text>
    </Group>
  )
}

function MoreFilters({ search, onSearch, tags }: Omit<FlagFiltersProps, 'total'>) {
  const isNarrowed = isFiltered({ ...search, search: undefined })
  return (
    <Popover position="bottom-start" shadow="md" trapFocus width={280}>
      <Popover.Target>
        <Indicator disabled={!isNarrowed} size={8} offset={3}>
          <ActionIcon
            size={30}
            variant="default"
            aria-label={isNarrowed ? 'Filters, some are set' : 'Filters'}
          >
            <IconAdjustmentsHorizontal size={16} />
          </ActionIcon>
        </Indicator>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Select
            label="State"
            placeholder="On or off"
            clearable
            comboboxProps={{ withinPortal: false }}
            data={[
              { value: 'on', label: 'On' },
              { value: 'off', label: 'Off' },
            ]}
            value={search.state ?? null}
            onChange={(state) => onSearch({ state: state === 'on' || state === 'off' ? state : undefined })}
          />
          <Select
            label="Type"
            placeholder="Any"
            clearable
            comboboxProps={{ withinPortal: false }}
            data={[
              { value: 'STANDARD', label: 'One value' },
              { value: 'MULTIVARIATE', label: 'Variants' },
            ]}
            value={search.type ?? null}
            onChange={(type) =>
              onSearch({ type: type === 'STANDARD' || type === 'MULTIVARIATE' ? type : undefined })
            }
          />
          <MultiSelect
            label="Tags"
            placeholder="Any"
            searchable
            size="sm"
            comboboxProps={{ withinPortal: false }}
            data={tags.map((tag) => ({ value: String(tag.id), label: tag.label }))}
            value={(search.tags ?? []).map(String)}
            onChange={(chosen) => onSearch({ tags: chosen.length > 0 ? chosen.map(Number) : undefined })}
          />
          <Switch
            label="Archived ones"
            checked={search.is_archived ?? false}
            onChange={(event) => onSearch({ is_archived: event.currentTarget.checked || undefined })}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
