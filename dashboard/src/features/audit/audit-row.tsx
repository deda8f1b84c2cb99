import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { AuditLine } from '@/data/audit'
import { environmentsOf } from '@/data/places'
import { exactTime } from '@/lib/format'
import type { ProjectId } from '@/lib/ids'
import { authorOf, type Author } from '@/widgets/audit-words'
import { EnvironmentName } from '@/widgets/environment-dot'
import type { VariantNames } from '@/widgets/variant-names'
import { InlineChanges } from './line-changes'
import { noteOf } from './model'
import { Revert } from './revert'
import classes from './audit.module.css'

interface LineProps {
  project: ProjectId
  line: AuditLine
}

interface AuditRowProps extends LineProps {
  variants: VariantNames
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

/** When, who, what, where; old → new; and the way back. */
export function AuditRow({ project, line, variants }: AuditRowProps) {
  const note = noteOf(line)
  return (
    <LineRow
      line={line}
      who={authorOf(line)}
      where={<LineEnvironment project={project} line={line} />}
      act={<Revert project={project} line={line} variants={variants} />}
    >
      <Link
        to="/project/$projectId/audit-log/$id"
        params={{ projectId: String(project), id: String(line.id) }}
        className={classes['log-text']}
      >
        {line.log}
      </Link>
      <InlineChanges line={line} variants={variants} />
      {note !== null && <q className={classes['note']}>{note}</q>}
    </LineRow>
  )
}

interface LineRowProps {
  line: AuditLine
  who: Author
  where: ReactNode
  /** What can be done about it; without it there is no such column. */
  act?: ReactNode
  /** What happened. */
  children: ReactNode
}

/** The columns of every log. */
export function LineRow({ line, who, where, act, children }: LineRowProps) {
  const moment = new Date(line.created_date)
  return (
    <li className={classes['line']} data-plain={act === undefined}>
      <time className={classes['time']} dateTime={line.created_date} title={exactTime(moment)}>
        {clock.format(moment)}
      </time>
      <span className={classes['who']} title={who.about}>
        {who.name}
      </span>
      <div className={classes['what']}>{children}</div>
      <span className={classes['where']}>{where}</span>
      {act !== undefined && <span className={classes['act']}>{act}</span>}
    </li>
  )
}

/** The environment in its colour; one that is gone has none. */
export function LineEnvironment({ project, line }: LineProps) {
  const { data: environments } = useSuspenseQuery(environmentsOf(project))
  if (!line.environment) return null
  const found = environments.find(({ id }) => id === line.environment?.id)
  return found ? <EnvironmentName environment={found} /> : <>{line.environment.name}</>
}
