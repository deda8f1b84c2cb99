import { Button, Checkbox } from '@mantine/core'
import type { FeatureDifferences } from '@/data/compare'
import type { Environment } from '@/data/places'
import type { FeatureId } from '@/lib/ids'
import { useCan } from '@/widgets/can'
import { ChangeList } from './change-list'

import type { VariantNames } from '@/widgets/variant-names'
import classes from './compare.module.css'

interface DifferenceListProps {
  rows: readonly FeatureDifferences[]
  variants: VariantNames
  to: Environment
  selected: ReadonlySet<FeatureId>
  onSelect: (selected: ReadonlySet<FeatureId>) => void
  onPromote: (feature: FeatureId) => void
}

/** The differing flags, each with what the target would become. */
export function DifferenceList({ rows, variants, to, selected, onSelect, onPromote }: DifferenceListProps) {
  const may = useCan('UPDATE_FEATURE_STATE', { project: to.project, environment: to.api_key })
  const shown = rows.map(({ feature }) => feature.id)
  const chosen = shown.filter((id) => selected.has(id)).length
  const toggle = (id: FeatureId, isOn: boolean) => {
    const next = new Set(selected)
    if (isOn) next.add(id)
    else next.delete(id)
    onSelect(next)
  }
  return (
    <div className={classes['list']}>
      <div className={classes['heads']} data-selectable={may}>
        {may && (
          <Checkbox
            size="xs"
            aria-label="Select all"
            checked={chosen === shown.length}
            indeterminate={chosen > 0 && chosen < shown.length}
            onChange={(event) => onSelect(new Set(event.currentTarget.checked ? shown : []))}
          />
        )}
        <span>Feature</span>
        <span>What {to.name} becomes</span>
      </div>
      <ul className={classes['rows']} aria-label={`What differs from ${to.name}`}>
        {rows.map((flag) => (
          <li key={flag.feature.id} className={classes['row']} data-selectable={may}>
            {may && (
              <Checkbox
                size="xs"
                aria-label={`Select ${flag.feature.name}`}
                checked={selected.has(flag.feature.id)}
                onChange={(event) => toggle(flag.feature.id, event.currentTarget.checked)}
              />
            )}
            <span className={classes['name']} title={flag.feature.name}>
              {flag.feature.name}
            </span>
            <ChangeList flag={flag} variants={variants} />
            {may && (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Promote ${flag.feature.name} to ${to.name}`}
                onClick={() => onPromote(flag.feature.id)}
              >
                Promote
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
