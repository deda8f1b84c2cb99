import { useSuspenseQueries, useSuspenseQuery } from '@tanstack/react-query'
import type { Feature } from '@/data/features'
import { DAYS_OF_USAGE, usageOf } from '@/data/flag'
import { environmentsOf } from '@/data/places'
import { count, plural } from '@/lib/format'
import { Chart } from '@/ui/chart'
import { EmptyState } from '@/ui/states'
import { environmentColour } from '@/widgets/environment-colour'
import { EnvironmentName } from '@/widgets/environment-dot'
import { useProject } from '@/widgets/use-environment'
import { byDay } from './usage-days'
import classes from './flag-screen.module.css'

/** How often the flag was evaluated, by day and environment. */
export function Usage({ feature }: { feature: Feature }) {
  const project = useProject()
  const { data: environments } = useSuspenseQuery(environmentsOf(project.id))
  const told = useSuspenseQueries({
    queries: environments.map(({ id }) => usageOf(project.id, feature.id, id)),
    combine: (results) => results.map(({ data }) => data),
  })
  const totals = told.map((days) => days.reduce((sum, day) => sum + day.count, 0))
  if (totals.every((total) => total === 0))
    return (
      <EmptyState title="Not evaluated yet">
        No SDK reported this flag within {plural(DAYS_OF_USAGE, 'day')}. It will stand here within seconds
        once one does.
      </EmptyState>
    )
  const points = byDay(
    environments.map(({ id }, place) => ({ name: `e${id}`, days: told[place] ?? [] })),
    new Date(),
    DAYS_OF_USAGE,
  )
  return (
    <>
      <ul className={classes['list']} style={{ display: 'flex', gap: 24, flexWrap: 'wrap', marginBottom: 8 }}>
        {environments.map((environment, place) => (
          <li key={environment.id} className={classes['badges']}>
            <EnvironmentName environment={environment} /> {count(totals[place] ?? 0)}
          </li>
        ))}
      </ul>
      <Chart
        label={`Evaluations of ${feature.name} in the last ${DAYS_OF_USAGE} days, by environment`}
        points={points}
        along="day"
        series={environments.map((environment) => ({
          name: `e${environment.id}`,
          label: environment.name,
          colour: environmentColour(environment),
        }))}
      />
    </>
  )
}
