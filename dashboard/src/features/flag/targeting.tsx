import { Select } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { Feature } from '@/data/features'
import type { Segment } from '@/data/segments'
import type { Flag, Rule } from '@/data/targeting'
import { idFrom } from '@/lib/ids'
import { useCan } from '@/widgets/can'
import { needsApproval } from '@/widgets/environment-colour'
import { EnvironmentName } from '@/widgets/environment-dot'
import { ruleName, type Names } from './changes'
import { DefaultRow } from './default-row'
import { keyOf, withNewRule, withoutRule, withRollout, withRule, withRuleMoved } from './draft'
import { useMayChange } from './environment-table'
import { Individuals } from './individuals'
import { segmentsWithoutRule } from './names'
import { RolloutRow } from './rollout-row'
import { RuleRow } from './rule-row'
import { useDragging } from './use-dragging'
import type { FlagHere } from './use-draft'
import classes from './targeting.module.css'

interface TargetingProps {
  feature: Feature
  here: FlagHere
  segments: readonly Segment[]
  names: Names
}

/** Who gets what in one environment: one list, the first that fits decides. */
export function Targeting({ feature, here, segments, names }: TargetingProps) {
  const { environment, draft } = here
  const { flag } = draft
  const place = { project: environment.project, environment: environment.api_key }
  const isOpen = !needsApproval(environment) && !feature.is_archived
  const mayTarget = useCan('MANAGE_SEGMENT_OVERRIDES', place) && isOpen
  const mayChange = useMayChange(feature, here)
  const set = (next: Flag) => here.change({ ...draft, flag: next })
  const dragging = useDragging((from, to) => set(withRuleMoved(flag, from, to)))
  const free = segmentsWithoutRule(segments, flag.rules)
  const hasRollout = flag.rules.some(({ target }) => target.kind === 'rollout')
  return (
    <section aria-labelledby="targeting">
      <div className={classes['head']}>
        <h2 id="targeting" className={classes['title']}>
          Who gets what in <EnvironmentName environment={environment} />
        </h2>
        <span className={classes['about']}>The first that fits decides.</span>
      </div>
      <div className={classes['frame']}>
        <Individuals feature={feature} here={here} mayChange={mayChange} />
        <ol className={classes['rules']} aria-label="Rules, the strongest first">
          {flag.rules.map((rule, at) => (
            <RuleRow
              key={keyOf(rule)}
              {...{ feature, rule, names, at, mayTarget, dragging }}
              of={flag.rules.length}
              segment={segmentOf(rule, segments)}
              where={environment.name}
              onChange={(changes) => set(withRule(flag, at, changes))}
              onMove={(to) => set(withRuleMoved(flag, at, to))}
              onRemove={() => set(withoutRule(flag, at))}
              onReach={(percentage) => set(withRollout(flag, percentage))}
            />
          ))}
        </ol>
        {!hasRollout && (
          <RolloutRow
            percentage={0}
            where={environment.name}
            disabled={!mayTarget}
            onReach={(percentage) => set(withRollout(flag, percentage))}
          />
        )}
        {mayTarget && free.length > 0 && (
          <AddSegment
            segments={free}
            onAdd={(segment) => set(withNewRule(flag, { kind: 'segment', segment: segment.id }))}
          />
        )}
        <DefaultRow feature={feature} here={here} mayChange={mayChange} />
      </div>
      <p className={classes['said']} role="status">
        {dragging.said &&
          `${ruleName(flag.rules[dragging.said.to] ?? NO_RULE, names)} is now ${dragging.said.to + 1}.`}
      </p>
    </section>
  )
}

const NO_RULE: Rule = {
  enabled: false,
  value: null,
  variants: [],
  target: { kind: 'rollout', percentage: 0 },
}

function segmentOf({ target }: Rule, segments: readonly Segment[]): Segment | undefined {
  return target.kind === 'segment' ? segments.find(({ id }) => id === target.segment) : undefined
}

function AddSegment({
  segments,
  onAdd,
}: {
  segments: readonly Segment[]
  onAdd: (segment: Segment) => void
}) {
  return (
    <div className={classes['add']}>
      <Select
        size="xs"
        w={280}
        maw="100%"
        aria-label="Add a rule for a segment"
        placeholder="Add a rule for a segment"
        leftSection={<IconPlus size={14} />}
        searchable
        nothingFoundMessage="No segment is called that"
        data={segments.map(({ id, name }) => ({ value: String(id), label: name }))}
        value={null}
        onChange={(chosen) => {
          const segment = segments.find(({ id }) => chosen !== null && id === idFrom<Segment['id']>(chosen))
          if (segment) onAdd(segment)
        }}
      />
    </div>
  )
}
