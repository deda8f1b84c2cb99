import { useQuery } from '@tanstack/react-query'
import type { AuditLine, FieldChange } from '@/data/audit'
import type { FlagValue } from '@/data/features'
import { membersOf, nameOf } from '@/data/members'
import { Badge, ValueChip } from '@/ui/badge'
import { DiffView } from '@/ui/diff-view'
import { OldNew } from '@/ui/old-new'
import { changesOf, fieldName, inlineChanges, isState } from '@/widgets/audit-words'
import { useProject } from '@/widgets/use-environment'
import type { VariantNames } from '@/widgets/variant-names'
import { idsIn, isLong, spreadOut } from './model'
import classes from './audit.module.css'

const MOST_INLINE = 4

interface LineProps {
  line: AuditLine
  variants: VariantNames
}

/** Old → new on the line itself; the rest is behind its link. */
export function InlineChanges({ line, variants }: LineProps) {
  const changes = inlineChanges(line)
  const shown = changes.slice(0, MOST_INLINE)
  if (shown.length === 0) return null
  return (
    <ul className={classes['changes']}>
      {shown.map((change) => (
        <li key={change.field}>
          <Change change={change} variants={variants} />
        </li>
      ))}
      {changes.length > shown.length && (
        <li className={classes['quiet']}>+ {changes.length - shown.length} more</li>
      )}
    </ul>
  )
}

/** Every field, with long texts line by line. */
export function AllChanges({ line, variants }: LineProps) {
  const changes = changesOf(line)
  if (changes.length === 0) return <p className={classes['quiet']}>Nothing more was written down about it.</p>
  return (
    <ul className={classes['fields']}>
      {changes.map((change) => (
        <li key={change.field}>
          {isLong(change) ? (
            <>
              <span className={classes['field']}>{fieldName(change.field, variants)}</span>
              <DiffView
                label={fieldName(change.field, variants)}
                before={spreadOut(change.old)}
                after={spreadOut(change.new)}
              />
            </>
          ) : (
            <Change change={change} variants={variants} />
          )}
        </li>
      ))}
    </ul>
  )
}

function Change({
  change: { field, old, new: now },
  variants,
}: {
  change: FieldChange
  variants: VariantNames
}) {
  return (
    <OldNew
      label={fieldName(field, variants)}
      before={<Side field={field} value={old} />}
      after={<Side field={field} value={now} />}
    />
  )
}

function Side({ field, value }: { field: string; value: FlagValue }) {
  if (isState(field) && value !== null)
    return <Badge tone={value === true ? 'positive' : 'neutral'}>{value === true ? 'On' : 'Off'}</Badge>
  const owners = field === 'owners' ? idsIn(value) : null
  return owners ? <Owners ids={owners} /> : <ValueChip value={value} />
}

/** The log keeps their numbers, since names change. */
function Owners({ ids }: { ids: readonly number[] }) {
  const { data: members = [] } = useQuery(membersOf(useProject().organisation))
  const names = ids.map((id) => {
    const member = members.find((each) => each.id === id)
    return member ? nameOf(member) : `somebody who is gone (${id})`
  })
  return names.length > 0 ? names.join(', ') : 'nobody'
}
