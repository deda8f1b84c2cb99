import type { Difference } from '@/data/compare'
import { Badge, ValueChip } from '@/ui/badge'
import { OldNew } from '@/ui/old-new'
import { changeOf, type Shown, type VariantNames } from './model'
import classes from './compare.module.css'

interface ChangeListProps {
  differences: readonly Difference[]
  variants: VariantNames
}

/** What a flag of the target becomes, one line for each difference. */
export function ChangeList({ differences, variants }: ChangeListProps) {
  return (
    <ul className={classes['changes']}>
      {differences.map((difference) => {
        const { label, before, after } = changeOf(difference, variants)
        return (
          <li key={`${difference.part}${difference.segment?.id ?? ''}${difference.field}`}>
            <OldNew label={label} before={<Side shown={before} />} after={<Side shown={after} />} />
          </li>
        )
      })}
    </ul>
  )
}

export function Side({ shown }: { shown: Shown }) {
  switch (shown.kind) {
    case 'state':
      return <Badge tone={shown.on ? 'positive' : 'neutral'}>{shown.on ? 'On' : 'Off'}</Badge>
    case 'value':
      return <ValueChip value={shown.value} />
    case 'words':
      return <>{shown.text}</>
  }
}
