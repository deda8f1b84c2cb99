import { Anchor } from '@mantine/core'
import { useSuspenseQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { auditLine } from '@/data/audit'
import { exactTime } from '@/lib/format'
import { CopyButton } from '@/ui/copy-button'
import { Page } from '@/ui/page'
import { Moment } from '@/widgets/moment'
import { Screen } from '@/widgets/screen'
import { useProject } from '@/widgets/use-environment'
import { useProjectVariants } from '@/widgets/variant-names'
import { LineEnvironment } from './audit-row'
import { AllChanges } from './line-changes'
import { authorOf } from '@/widgets/audit-words'
import { noteOf, OBJECT_TYPES } from './model'
import { Revert } from './revert'
import classes from './audit.module.css'

/** One line of the log, at an address of its own. */
export function AuditLineScreen({ id }: { id: number }) {
  const project = useProject()
  return (
    <Page title="Change" of={project.name} narrow>
      <Screen what="this change">
        <LoadedLine id={id} />
      </Screen>
    </Page>
  )
}

function LoadedLine({ id }: { id: number }) {
  const project = useProject()
  const { data: line } = useSuspenseQuery(auditLine(project.id, id))
  const variants = useProjectVariants(project.id)
  const author = authorOf(line)
  const note = noteOf(line)
  const type = OBJECT_TYPES.find(({ value }) => value === line.related_object_type)
  const facts = [
    [
      'When',
      <span key="when">
        {exactTime(new Date(line.created_date))} (<Moment at={line.created_date} />)
      </span>,
    ],
    ['Who', author.about && author.about !== author.name ? `${author.name} (${author.about})` : author.name],
    ['Environment', line.environment && <LineEnvironment key="where" project={project.id} line={line} />],
    ['Kind', type?.label ?? null],
    ['Note', note],
  ] as const
  return (
    <article aria-label={line.log}>
      <h2 className={classes['title']}>{line.log}</h2>
      <dl className={classes['facts']}>
        {facts.map(
          ([name, told]) =>
            told !== null && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{told}</dd>
              </div>
            ),
        )}
      </dl>
      <h2 className={classes['title']}>What changed</h2>
      <AllChanges line={line} variants={variants} />
      <div className={classes['foot']}>
        <Revert project={project.id} line={line} variants={variants} />
        <CopyButton text={location.href} what="the link" />
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link {...props} to="/project/$projectId/audit-log" params={{ projectId: String(project.id) }} />
          )}
        >
          The whole log
        </Anchor>
      </div>
    </article>
  )
}
