import { Button, Group, MultiSelect, Switch } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import type { Tag } from '@/data/features'
import { catalogueOf, type Level } from '@/data/grants'
import { neededFor, presetsFor, wordsFor } from './permission-words'
import classes from './permission-switches.module.css'

export interface HeldRight {
  key: string
  /** Limits the right to features with one of these tags; none limits nothing. */
  tags: readonly number[]
}

export interface Rights {
  permissions: readonly HeldRight[]
  admin: boolean
}

interface PermissionSwitchesProps {
  level: Level
  rights: Rights
  onChange: (rights: Rights) => void
  /** The tags that may limit a right; null where rights have no tags. */
  tags: readonly Tag[] | null
}

/** A switch for each right of a level, with usual sets to start from. */
export function PermissionSwitches({ level, rights, onChange, tags }: PermissionSwitchesProps) {
  const { data: catalogue } = useSuspenseQuery(catalogueOf(level))
  const { permissions, admin } = rights
  const held = (key: string) => permissions.find((each) => each.key === key)
  const needed = neededFor(level)
  const set = (key: string, on: boolean) =>
    onChange({ admin, permissions: withRight(permissions, key, on, needed) })
  const limit = (key: string, to: readonly string[]) =>
    onChange({
      admin,
      permissions: permissions.map((each) => (each.key === key ? { key, tags: to.map(Number) } : each)),
    })
  return (
    <div>
      {level !== 'organisation' && (
        <Group gap="xs" mb="xs">
          {presetsFor(level).map(({ label, keys }) => (
            <Button
              key={label}
              size="compact-xs"
              variant="default"
              onClick={() => onChange({ admin: false, permissions: keys.map((key) => ({ key, tags: [] })) })}
            >
              {label}
            </Button>
          ))}
          <Switch
            ml="auto"
            label="Administrator: may do everything here"
            checked={admin}
            onChange={(event) => onChange({ admin: event.currentTarget.checked, permissions })}
          />
        </Group>
      )}
      <ul className={classes['rights']}>
        {catalogue.map(({ key, supports_tag }) => {
          const right = held(key)
          const { label, about } = wordsFor(key)
          return (
            <li key={key} className={classes['right']}>
              <Switch
                label={label}
                description={about}
                checked={admin || right !== undefined}
                disabled={admin}
                onChange={(event) => set(key, event.currentTarget.checked)}
              />
              {supports_tag && tags && tags.length > 0 && right && !admin && (
                <MultiSelect
                  size="xs"
                  aria-label={`${label}: only features with these tags`}
                  placeholder={right.tags.length === 0 ? 'All features' : ''}
                  data={tags.map((tag) => ({ value: String(tag.id), label: tag.label }))}
                  value={right.tags.map(String)}
                  onChange={(to) => limit(key, to)}
                />
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** With a right more or less: seeing the place comes with the first and goes with all. */
export function withRight(
  permissions: readonly HeldRight[],
  key: string,
  on: boolean,
  needed: string | null,
): HeldRight[] {
  if (!on) return key === needed ? [] : permissions.filter((each) => each.key !== key)
  const added = [key, ...(needed === null ? [] : [needed])].filter(
    (each) => !permissions.some((right) => right.key === each),
  )
  return [...permissions, ...added.map((each) => ({ key: each, tags: [] }))]
}
