import { Button, MultiSelect, Popover, Select, Stack, Switch } from '@mantine/core'
import { useState, cloneElement, type ReactElement } from 'react'
import type { Owner, Tag } from '@/data/features'
import { NO_FILTER, type FlagSearch } from './flag-search'

interface FilterFormProps {
  search: FlagSearch
  onSearch: (changes: Partial<FlagSearch>) => void
  tags: readonly Tag[]
  owners: readonly Owner[]
}

interface Below extends FilterFormProps {
  /** What the form hangs below. */
  children: ReactElement<{ onClick: () => void }>
}

const INSIDE = { withinPortal: false }
const DAYS = [1, 7, 30, 90]

const daysChoices = DAYS.map((days) => ({
  value: String(days),
  label: days === 1 ? 'A day' : `${days} days`,
}))

function numberOf(text: string | null): number | undefined {
  return text ? Number(text) : undefined
}

/** Opens as soon as it is there. */
export default function FilterPopover({ children, ...form }: Below) {
  const [isOpen, setOpen] = useState(true)
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" shadow="md" trapFocus width={280}>
      <Popover.Target>{cloneElement(children, { onClick: () => setOpen(!isOpen) })}</Popover.Target>
      <Popover.Dropdown>
        <FilterForm {...form} />
      </Popover.Dropdown>
    </Popover>
  )
}

/** All filters; each acts at once. */
function FilterForm({ search, onSearch, tags, owners }: FilterFormProps) {
  return (
    <Stack gap="sm">
      <Select
        label="State"
        placeholder="On or off"
        clearable
        comboboxProps={INSIDE}
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
        comboboxProps={INSIDE}
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
        comboboxProps={INSIDE}
        data={tags.map((tag) => ({ value: String(tag.id), label: tag.label }))}
        value={(search.tags ?? []).map(String)}
        onChange={(chosen) => onSearch({ tags: chosen.length > 0 ? chosen.map(Number) : undefined })}
      />
      {owners.length > 0 && (
        <Select
          label="Owner"
          placeholder="Anybody"
          clearable
          searchable
          comboboxProps={INSIDE}
          data={owners.map((owner) => ({
            value: String(owner.id),
            label: `${owner.first_name} ${owner.last_name}`.trim() || owner.email,
          }))}
          value={search.owner === undefined ? null : String(search.owner)}
          onChange={(owner) => onSearch({ owner: numberOf(owner) })}
        />
      )}
      <LifeFilters search={search} onSearch={onSearch} />
      <Button variant="default" onClick={() => onSearch(NO_FILTER)}>
        Clear all
      </Button>
    </Stack>
  )
}

/** What has happened to a feature, or has not. */
function LifeFilters({ search, onSearch }: Pick<FilterFormProps, 'search' | 'onSearch'>) {
  return (
    <>
      <Select
        label="Changed within"
        placeholder="At any time"
        clearable
        comboboxProps={INSIDE}
        data={daysChoices}
        value={search.changed === undefined ? null : String(search.changed)}
        onChange={(days) => onSearch({ changed: numberOf(days) })}
      />
      <Select
        label="Not evaluated for"
        placeholder="Evaluated or not"
        clearable
        comboboxProps={INSIDE}
        data={daysChoices}
        value={search.unused === undefined ? null : String(search.unused)}
        onChange={(days) => onSearch({ unused: numberOf(days) })}
      />
      <Switch
        label="Stale ones"
        checked={search.stale ?? false}
        onChange={(event) => onSearch({ stale: event.currentTarget.checked || undefined })}
      />
      <Switch
        label="Archived ones"
        checked={search.is_archived ?? false}
        onChange={(event) => onSearch({ is_archived: event.currentTarget.checked || undefined })}
      />
    </>
  )
}
