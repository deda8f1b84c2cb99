import { ActionIcon, Button, CloseButton, Group, Text, TextInput } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconSearch } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import type { Owner, Tag } from '@/data/features'
import { count, plural } from '@/lib/format'
import { preload } from '@/lib/preload'
import { isFiltered } from './model'
import { QUICK_VIEWS } from './quick-views'
import type { FlagSearch } from './flag-search'
import classes from './flag-list.module.css'

const loadFilters = () => import('./filter-form')
const FilterForm = lazy(loadFilters)

interface FlagFiltersProps {
  search: FlagSearch
  onSearch: (changes: Partial<FlagSearch>) => void
  tags: readonly Tag[]
  owners: readonly Owner[]
  shown: number
  total: number
}

/** What narrows the list; each part is in the address. */
export function FlagFilters({ search, onSearch, tags, owners, shown, total }: FlagFiltersProps) {
  return (
    <Group gap="xs" pb="xs">
      <TextInput
        id="feature-search"
        aria-label="Search the features"
        placeholder="Name, description or value"
        w={{ base: 'auto', xs: 260 }}
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
      <MoreFilters {...{ search, onSearch, tags, owners }} />
      <Group gap={4} className={classes['quick']}>
        {QUICK_VIEWS.map(({ label, narrows, widens, isOn }) => (
          <Button
            key={label}
            size="compact-sm"
            variant={isOn(search) ? 'light' : 'subtle'}
            fw={500}
            c={isOn(search) ? undefined : 'dimmed'}
            aria-pressed={isOn(search)}
            onClick={() => onSearch(isOn(search) ? widens : narrows)}
          >
            {label}
          </Button>
        ))}
      </Group>
      <Text size="sm" c="dimmed" visibleFrom="xs" ml="auto" aria-live="polite">
        {shown === total ? plural(total, 'feature') : `${count(shown)} of ${plural(total, 'feature')}`}
      </Text>
    </Group>
  )
}

function MoreFilters(props: Omit<FlagFiltersProps, 'total' | 'shown'>) {
  const [isAsked, setAsked] = useState(false)
  const isNarrowed = isFiltered({ ...props.search, search: undefined })
  const button = (
    <ActionIcon
      size={30}
      variant={isNarrowed ? 'light' : 'default'}
      color="marine"
      aria-haspopup="dialog"
      aria-label={isNarrowed ? 'Filters, some are set' : 'Filters'}
      onPointerEnter={() => preload(loadFilters)}
      onClick={() => setAsked(true)}
    >
      <IconAdjustmentsHorizontal size={16} />
    </ActionIcon>
  )
  if (!isAsked) return button
  return (
    <Suspense fallback={button}>
      <FilterForm {...props}>{button}</FilterForm>
    </Suspense>
  )
}
