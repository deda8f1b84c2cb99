import type { FeatureDifferences } from '@/data/compare'
import { Badge, ValueChip } from '@/ui/badge'
import { OldNew } from '@/ui/old-new'
import { changesOf, type Shown } from './model'
import type { VariantNames } from '@/widgets/variant-names'
import classes from './compare.module.css'

interface ChangeListProps {
  flag: FeatureDifferences
  variants: VariantNames
}

/** What a flag of the target becomes, one line for each difference. */
export function ChangeList({ flag, variants }: ChangeListProps) {
  return (
    <ul className={classes['changes']}>
      {changesOf(flag, variants).map(({ label, before, after }) => (
        <li key={label}>
          <OldNew label={label} before={<Side shown={before} />} after={<Side shown={after} />} />
        </li>
      ))}
    </ul>
  )
}

function Side({ shown }: { shown: Shown }) {
  switch (shown.kind) {
    case 'state':
      return <Badge tone={shown.on ? 'positive' : 'neutral'}>{shown.on ? 'On' : 'Off'}</Badge>
    case 'value':
      return <ValueChip value={shown.value} />
    case 'rule':
      return (
        <>
          <Badge tone={shown.on ? 'positive' : 'neutral'}>{shown.on ? 'On' : 'Off'}</Badge>
          {shown.percentage !== null && <span className={classes['of-rule']}>for {shown.percentage} %</span>}
          {shown.value !== null && (
            <span className={classes['of-rule']}>
              <ValueChip value={shown.value} />
            </span>
          )}
        </>
      )
    case 'words':
      return <>{shown.text}</>
  }
}
