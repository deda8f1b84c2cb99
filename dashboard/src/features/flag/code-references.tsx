import { useSuspenseQuery } from '@tanstack/react-query'
import type { Feature } from '@/data/features'
import { referencesTo } from '@/data/flag'
import { EmptyState } from '@/ui/states'
import { Moment } from '@/widgets/moment'
import { useProject } from '@/widgets/use-environment'
import classes from './flag-screen.module.css'

/** Where the code names the flag, as the last scan of each repository found it. */
export function CodeReferences({ feature }: { feature: Feature }) {
  const { data: repositories } = useSuspenseQuery(referencesTo(useProject().id, feature.id))
  if (repositories.length === 0)
    return (
      <EmptyState title="No code names it">
        Let your build send what it finds to the code references of the project; then every line that names{' '}
        <code>{feature.name}</code> is linked here.
      </EmptyState>
    )
  return repositories.map((repository) => (
    <section key={repository.repository_url} aria-label={repository.repository_url}>
      <h3 className={classes['repository']}>{repository.repository_url.replace(/^https?:\/\//, '')}</h3>
      <p className={classes['quiet']}>
        Scanned <Moment at={repository.last_successful_repository_scanned_at} />
        {repository.code_references.length === 0 && ', which no longer found it'}
      </p>
      <ul className={classes['list']}>
        {repository.code_references.map(({ file_path, line_number, permalink }) => (
          <li key={permalink}>
            <a className={classes['link']} href={permalink} target="_blank" rel="noreferrer">
              {file_path}:{line_number}
            </a>
          </li>
        ))}
      </ul>
    </section>
  ))
}
