import { ActionIcon, Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconGripVertical, IconTrash } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { Feature } from '@/data/features'
import type { Segment } from '@/data/segments'
import type { Rule } from '@/data/targeting'
import { Badge } from '@/ui/badge'
import { SegmentSentence } from '@/widgets/segment-sentence'
import { ruleName, type Names } from './changes'
import { RolloutSlider } from './rollout-row'
import { StateFields } from './state-fields'
import type { Dragging } from './use-dragging'
import classes from './targeting.module.css'

interface RuleRowProps {
  feature: Feature
  rule: Rule
  segment: Segment | undefined
  names: Names
  where: string
  at: number
  of: number
  mayTarget: boolean
  dragging: Dragging
  onChange: (changes: Partial<Rule>) => void
  onMove: (to: number) => void
  onRemove: () => void
  onReach: (percentage: number) => void
}

/** One rule: its place, for whom it is in words, and what they get. */
export function RuleRow(props: RuleRowProps) {
  const { feature, rule, segment, names, where, at, of, mayTarget, dragging } = props
  const name = ruleName(rule, names)
  const { now } = dragging
  return (
    <li
      className={classes['row']}
      data-dragged={now?.from === at || undefined}
      data-target={(now !== null && now.to === at && now.from !== at) || undefined}
      data-below={(now !== null && now.from < at) || undefined}
      {...dragging.row(at)}
    >
      <span className={classes['place']}>
        {mayTarget && of > 1 ? (
          <Tooltip label="Drag, or use the arrow keys">
            <UnstyledButton className={classes['grip']} {...dragging.handle(at, of)}>
              <IconGripVertical size={14} aria-hidden />
              <VisuallyHidden>{name}: place </VisuallyHidden>
              {at + 1}
              <VisuallyHidden> of {of}. Arrow keys move it.</VisuallyHidden>
            </UnstyledButton>
          </Tooltip>
        ) : (
          at + 1
        )}
      </span>
      <div className={classes['whom']}>
        <RuleTitle rule={rule} segment={segment} name={name} />
        {rule.target.kind === 'rollout' ? (
          <RolloutSlider
            percentage={rule.target.percentage}
            where={where}
            disabled={!mayTarget}
            onReach={props.onReach}
          />
        ) : (
          segment && (
            <span className={classes['sentence']}>
              <SegmentSentence rules={segment.rules} />
            </span>
          )
        )}
      </div>
      <StateFields
        what={`${name} in ${where}`}
        state={rule}
        variants={feature.multivariate_options}
        disabled={!mayTarget}
        onChange={props.onChange}
      />
      <span className={classes['end']}>
        {mayTarget && (
          <ActionIcon aria-label={`Remove the rule: ${name}`} onClick={props.onRemove}>
            <IconTrash size={15} />
          </ActionIcon>
        )}
      </span>
    </li>
  )
}

function RuleTitle({ rule, segment, name }: { rule: Rule; segment: Segment | undefined; name: string }) {
  if (rule.target.kind === 'rollout')
    return (
      <span className={classes['name']}>
        A share of everybody <Badge>roll-out</Badge>
      </span>
    )
  return (
    <span className={classes['name']}>
      {segment ? (
        <Link
          to="/project/$projectId/segments"
          params={(now) => ({ projectId: now.projectId ?? '' })}
          className={classes['segment']}
        >
          {name}
        </Link>
      ) : (
        name
      )}
      {segment?.feature && <Badge>only here</Badge>}
    </span>
  )
}
