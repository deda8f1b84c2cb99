import { ActionIcon, Button, Group, Text } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconBookmark } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { memo, Suspense, useState } from 'react'
import { me } from '@/data/account'
import type { Owner, Tag } from '@/data/features'
import { count, plural } from '@/lib/format'
import { preload } from '@/lib/preload'
import { SearchBox } from '@/ui/search-box'
import { part } from '@/ui/part'
import type { TypedText } from '@/widgets/typed-text'
import { useProject } from '@/widgets/use-environment'
import { isFiltered } from './model'
import { QUICK_VIEWS } from './quick-views'
import type { FlagSearch } from './flag-search'
import classes from './flag-list.module.css'

const loadFilters = () => import('./filter-form')
const FilterForm = part(loadFilters)
const loadViews = () => import('./views-menu')
const ViewsMenu = part(loadViews)

interface Searching {
  search: FlagSearch
  onSearch: (changes: Partial<FlagSearch>) => void
}

interface NarrowingProps extends Searching {
  tags: readonly Tag[]
  owners: readonly Owner[]
}

interface FlagFiltersProps extends NarrowingProps {
  typed: TypedText
  shown: number
  total: number
}

/** What narrows the list; each part is in the address. */
export function FlagFilters({ typed, shown, total, ...narrowing }: FlagFiltersProps) {
  const { search, onSearch } = narrowing
  return (
    <Group gap="xs" pb="xs">
      <SearchBox
        id="feature-search"
        label="Search the features"
        placeholder="Name, description or value"
        w={{ base: 'auto', xs: 260 }}
        flex={{ base: 1, xs: '0 0 auto' }}
        text={typed.text}
        onText={typed.type}
        onBlur={typed.rest}
      />
      <MoreFilters {...narrowing} />
      <Views {...{ search, onSearch }} />
      <QuickViews {...{ search, onSearch }} />
      <Text size="sm" c="dimmed" visibleFrom="xs" ml="auto" aria-live="polite">
        {shown === total ? plural(total, 'feature') : `${count(shown)} of ${plural(total, 'feature')}`}
      </Text>
    </Group>
  )
}

const QuickViews = memo(function QuickViews({ search, onSearch }: Searching) {
  return (
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
  )
})

const MoreFilters = memo(function MoreFilters(props: NarrowingProps) {
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
})

const Views = memo(function Views({ search, onSearch }: Searching) {
  const project = useProject()
  const { data: person } = useQuery({ ...me, enabled: false })
  const [isAsked, setAsked] = useState(false)
  const button = (
    <ActionIcon
      size={30}
      variant="default"
      aria-haspopup="dialog"
      aria-label="Saved views"
      onPointerEnter={() => preload(loadViews)}
      onClick={() => setAsked(true)}
    >
      <IconBookmark size={16} />
    </ActionIcon>
  )
  if (!isAsked) return button
  return (
    <Suspense fallback={button}>
      <ViewsMenu shelf={{ person: person?.email ?? '', project: project.id }} {...{ search, onSearch }}>
        {button}
      </ViewsMenu>
    </Suspense>
  )
})
