import type { AuditLine, FieldChange } from '@/data/audit'
import type { FlagValue } from '@/data/features'
import { Badge, ValueChip } from '@/ui/badge'
import { DiffView } from '@/ui/diff-view'
import { OldNew } from '@/ui/old-new'
import { changesOf, fieldName, isLong, isState, spreadOut } from './model'
import classes from './audit.module.css'

const MOST_INLINE = 4

/** Old → new on the line itself; the rest is behind its link. */
export function InlineChanges({ line }: { line: AuditLine }) {
  if (line.change_type !== 'UPDATE') return null
  const changes = changesOf(line)
  const shown = changes.slice(0, MOST_INLINE)
  if (shown.length === 0) return null
  return (
    <ul className={classes['changes']}>
      {shown.map((change) => (
        <li key={change.field}>
          <Change change={change} />
        </li>
      ))}
      {changes.length > shown.length && (
        <li className={classes['quiet']}>+ {changes.length - shown.length} more</li>
      )}
    </ul>
  )
}

/** Every field, with long texts line by line. */
export function AllChanges({ line }: { line: AuditLine }) {
  const changes = changesOf(line)
  if (changes.length === 0) return <p className={classes['quiet']}>Nothing more was written down about it.</p>
  return (
    <ul className={classes['fields']}>
      {changes.map((change) => (
        <li key={change.field}>
          {isLong(change) ? (
            <>
              <span className={classes['field']}>{fieldName(change.field)}</span>
              <DiffView
                label={fieldName(change.field)}
                before={spreadOut(change.old)}
                after={spreadOut(change.new)}
              />
            </>
          ) : (
            <Change change={change} />
          )}
        </li>
      ))}
    </ul>
  )
}

function Change({ change: { field, old, new: now } }: { change: FieldChange }) {
  return (
    <OldNew
      label={fieldName(field)}
      before={<Side field={field} value={old} />}
      after={<Side field={field} value={now} />}
    />
  )
}

function Side({ field, value }: { field: string; value: FlagValue }) {
  if (isState(field) && value !== null)
    return <Badge tone={value === true ? 'positive' : 'neutral'}>{value === true ? 'On' : 'Off'}</Badge>
  return <ValueChip value={value} />
}
