import { Switch } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Feature } from '@/data/features'
import { plural } from '@/lib/format'
import { Badge } from '@/ui/badge'
import { useCan } from '@/widgets/can'
import { isProtected, needsApproval } from '@/widgets/environment-colour'
import { EnvironmentName } from '@/widgets/environment-dot'
import { withState } from './draft'
import type { FlagHere } from './use-draft'
import { ValueField } from './value-field'
import { WeightBar } from './weights'
import classes from './environment-table.module.css'

interface EnvironmentTableProps {
  feature: Feature
  all: readonly FlagHere[]
  chosen: FlagHere
}

/** The default of the flag in all environments, one below the other; the chosen one is shown in depth further down. */
export function EnvironmentTable({ feature, all, chosen }: EnvironmentTableProps) {
  return (
    <section aria-labelledby="environments">
      <h2 id="environments" className={classes['title']}>
        In all environments
      </h2>
      <ul className={classes['rows']}>
        {all.map((here) => (
          <EnvironmentRow
            key={here.environment.id}
            feature={feature}
            here={here}
            isChosen={here === chosen}
          />
        ))}
      </ul>
    </section>
  )
}

interface EnvironmentRowProps {
  feature: Feature
  here: FlagHere
  isChosen: boolean
}

function EnvironmentRow({ feature, here, isChosen }: EnvironmentRowProps) {
  const { environment, draft } = here
  const mayChange = useMayChange(feature, here)
  const state = draft.flag.default
  const change = (changes: Partial<typeof state>) =>
    here.change({ ...draft, flag: { ...draft.flag, default: withState(state, changes) } })
  return (
    <li
      className={classes['row']}
      data-chosen={isChosen || undefined}
      data-drafted={here.isDrafted || undefined}
    >
      <Link
        to="/project/$projectId/environment/$environmentKey/features/$featureId"
        params={(now) => ({
          projectId: now.projectId ?? '',
          featureId: now.featureId ?? '',
          environmentKey: environment.api_key,
        })}
        search
        resetScroll={false}
        className={classes['environment']}
        aria-current={isChosen ? 'true' : undefined}
      >
        <EnvironmentName environment={environment} />
      </Link>
      <span className={classes['state']}>
        <Switch
          size="sm"
          checked={state.enabled}
          disabled={!mayChange}
          onChange={() => change({ enabled: !state.enabled })}
          aria-label={`${feature.name} in ${environment.name}`}
        />
        <span aria-hidden>{state.enabled ? 'On' : 'Off'}</span>
      </span>
      <ValueField
        label={`Value in ${environment.name}`}
        value={state.value}
        disabled={!mayChange}
        onChange={(value) => change({ value })}
      />
      <span className={classes['more']}>
        {feature.multivariate_options.length > 0 && (
          <WeightBar variants={feature.multivariate_options} weights={state.variants} />
        )}
        <span className={classes['rules']}>{rulesInWords(here)}</span>
        {isProtected(environment) && (
          <Badge
            tone="warning"
            title={
              needsApproval(environment)
                ? 'Flags are not changed here without the approval of others'
                : 'You are asked before a flag changes here'
            }
          >
            protected
          </Badge>
        )}
        {here.isDrafted && <Badge tone="accent">edited</Badge>}
      </span>
    </li>
  )
}

function rulesInWords({ draft }: FlagHere): string {
  const { rules } = draft.flag
  const segments = rules.filter(({ target }) => target.kind === 'segment').length
  const shares = rules.flatMap(({ target }) =>
    target.kind === 'rollout' ? [`${target.percentage} % roll-out`] : [],
  )
  return [...shares, segments > 0 && plural(segments, 'segment')].filter(Boolean).join(' · ')
}

/** Whether the default can be changed by whoever looks at it, without the approval of others. */
export function useMayChange(feature: Feature, { environment }: FlagHere): boolean {
  const may = useCan('UPDATE_FEATURE_STATE', {
    project: environment.project,
    environment: environment.api_key,
  })
  return may && !needsApproval(environment) && !feature.is_archived
}
