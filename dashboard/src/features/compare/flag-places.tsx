import { Button, Table } from '@mantine/core'
import { useSuspenseQueries, useSuspenseQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { comparisonOf, PARTS, statesOf, type FeatureDifferences, type StateThere } from '@/data/compare'
import type { Feature } from '@/data/features'
import type { Environment } from '@/data/places'
import { plural } from '@/lib/format'
import { Badge, ValueChip } from '@/ui/badge'
import { useCan } from '@/widgets/can'
import { EnvironmentName } from '@/widgets/environment-dot'
import { ChangeList } from './change-list'

import { PromoteDialog } from './promote-dialog'
import { useProjectVariants, type VariantNames } from '@/widgets/variant-names'
import classes from './compare.module.css'

interface FlagPlacesProps {
  environments: readonly Environment[]
  from: Environment
  feature: Feature
}

/** A row for each environment: what the flag is there, and what it would become. */
export function FlagPlaces({ environments, from, feature }: FlagPlacesProps) {
  const { data: states } = useSuspenseQuery(statesOf(from.project, feature))
  const others = environments.filter(({ id }) => id !== from.id)
  const comparisons = useSuspenseQueries({
    queries: others.map((to) =>
      comparisonOf(from.project, { from: from.api_key, to: to.api_key }, feature.id),
    ),
  })
  const variants = useProjectVariants(from.project)
  const [target, setTarget] = useState<Environment | null>(null)
  const flagIn = (environment: Environment) => comparisons[others.indexOf(environment)]?.data.features[0]
  return (
    <>
      <Table.ScrollContainer minWidth={640}>
        <Table verticalSpacing={8} className={classes['places'] ?? ''}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Environment</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Value</Table.Th>
              <Table.Th>Overrides</Table.Th>
              <Table.Th>As in {from.name}, it becomes</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {environments.map((each) => (
              <PlaceRow
                key={each.id}
                environment={each}
                state={states?.[String(each.id)]}
                isSource={each.id === from.id}
                flag={flagIn(each)}
                variants={variants}
                onPromote={() => setTarget(each)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <PromoteDialog
        from={from}
        to={target ?? from}
        features={target ? [feature.id] : null}
        parts={PARTS}
        variants={variants}
        onClose={() => setTarget(null)}
      />
    </>
  )
}

interface PlaceRowProps {
  environment: Environment
  state: StateThere | undefined
  isSource: boolean
  /** Absent where nothing differs. */
  flag: FeatureDifferences | undefined
  variants: VariantNames
  onPromote: () => void
}

function PlaceRow({ environment, state, isSource, flag, variants, onPromote }: PlaceRowProps) {
  const may = useCan('UPDATE_FEATURE_STATE', {
    project: environment.project,
    environment: environment.api_key,
  })
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        <EnvironmentName environment={environment} />
      </Table.Th>
      <Table.Td>
        {state && <Badge tone={state.enabled ? 'positive' : 'neutral'}>{state.enabled ? 'On' : 'Off'}</Badge>}
      </Table.Td>
      <Table.Td>{state && <ValueChip value={state.value} />}</Table.Td>
      <Table.Td className={classes['quiet'] ?? ''}>{state ? overridesOf(state) : ''}</Table.Td>
      <Table.Td>
        {isSource || !flag ? (
          <span className={classes['quiet']}>{isSource ? 'The others are compared with this' : 'Equal'}</span>
        ) : (
          <div className={classes['becomes']}>
            <ChangeList flag={flag} variants={variants} />
            {may && (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Promote to ${environment.name}`}
                onClick={onPromote}
              >
                Promote
              </Button>
            )}
          </div>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

function overridesOf({ segment_overrides, identity_overrides }: StateThere): string {
  const told = [
    segment_overrides > 0 && plural(segment_overrides, 'segment'),
    identity_overrides > 0 && plural(identity_overrides, 'identity', 'identities'),
  ]
  return told.filter(Boolean).join(', ') || '–'
}
