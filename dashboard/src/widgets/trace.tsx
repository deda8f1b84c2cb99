import { IconArrowRight, IconCheck, IconMinus, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { Explanation, ToldCondition, ToldFlag, ToldRule, ToldSegment } from '@/data/explain'
import { Badge, ValueChip } from '@/ui/badge'
import { conditionWords } from './segment-words'
import { ConditionSentence } from './segment-sentence'
import { outcomeWords, placeWords, stepsOf, type Step } from './trace-steps'
import classes from './trace.module.css'

interface FlagTraceProps {
  flag: ToldFlag
  segments: Explanation['segments']
}

/** What somebody gets of a flag, and every rule that was asked, the strongest first. */
export function FlagTrace({ flag, segments }: FlagTraceProps) {
  return (
    <div className={classes['trace']}>
      <Verdict flag={flag} />
      <ol className={classes['steps']} aria-label="How it was decided">
        {stepsOf(flag).map((step) => (
          <TraceStep key={step.id} step={step} segment={segments.find(({ id }) => id === step.segment)} />
        ))}
      </ol>
    </div>
  )
}

/** State and value in one line, then the rule that decided. */
export function Verdict({ flag }: { flag: ToldFlag }) {
  return (
    <p className={classes['verdict']} role="status">
      <Badge tone={flag.enabled ? 'positive' : 'neutral'}>{flag.enabled ? 'On' : 'Off'}</Badge>
      <ValueChip value={flag.value} />
      <span className={classes['because']}>{outcomeWords(flag)}</span>
    </p>
  )
}

const PICTURES = { decided: IconArrowRight, outranked: IconCheck, passed: IconX, unasked: IconMinus } as const

function TraceStep({ step, segment }: { step: Step; segment: ToldSegment | undefined }) {
  const Picture = PICTURES[step.outcome]
  const line = (
    <>
      <Picture size={15} stroke={2} aria-hidden className={classes['mark']} />
      <span className={classes['title']}>{step.title}</span>
      <span className={classes['outcome']}>{step.words}</span>
    </>
  )
  return (
    <li className={classes['step']} data-outcome={step.outcome}>
      {segment ? (
        <details open={step.outcome === 'decided'}>
          <summary className={classes['line']}>{line}</summary>
          <SegmentTrace segment={segment} />
        </details>
      ) : (
        <div className={classes['line']}>{line}</div>
      )}
      {step.place !== null && <SplitBar place={step.place} />}
    </li>
  )
}

/** Where an identity stands between 0 and 100 %. */
function SplitBar({ place }: { place: number }) {
  return (
    <div className={classes['split']} title={placeWords(place)}>
      <span className={classes['needle']} style={{ left: `${place}%` }} />
    </div>
  )
}

/** The rules of a segment with what was seen and which of them held. */
export function SegmentTrace({ segment }: { segment: ToldSegment }) {
  if (segment.rules.length === 0)
    return <p className={classes['none']}>It has no rule, so nobody is in it.</p>
  return (
    <ul className={classes['rules']}>
      {segment.rules.map((rule, place) => (
        <RuleTrace key={place} rule={rule} />
      ))}
    </ul>
  )
}

const HEADS = { ALL: 'All of', ANY: 'Any of', NONE: 'None of' } as const

function RuleTrace({ rule }: { rule: ToldRule }) {
  const [only] = rule.rules
  // The usual outermost "all of" around one group says nothing.
  if (rule.type === 'ALL' && rule.conditions.length === 0 && rule.rules.length === 1 && only)
    return <RuleTrace rule={only} />
  return (
    <li>
      <Held held={rule.held}>
        <b>{HEADS[rule.type]}</b>
      </Held>
      <ul className={classes['rules']}>
        {rule.conditions.map((condition, place) => (
          <li key={place}>
            <ConditionTrace condition={condition} />
          </li>
        ))}
        {rule.rules.map((nested, place) => (
          <RuleTrace key={`rule-${place}`} rule={nested} />
        ))}
      </ul>
    </li>
  )
}

function ConditionTrace({ condition }: { condition: ToldCondition }) {
  const asked = { ...condition, value: condition.wanted }
  return (
    <Held
      held={condition.held}
      title={conditionWords(asked)
        .map(({ text }) => text)
        .join(' ')}
    >
      <ConditionSentence condition={asked} />
      <span className={classes['seen']}>
        {condition.place !== null ? (
          placeWords(condition.place)
        ) : condition.seen === null ? (
          'not set'
        ) : (
          <>
            is <ValueChip value={condition.seen} />
          </>
        )}
      </span>
    </Held>
  )
}

function Held({ held, title, children }: { held: boolean; title?: string; children: ReactNode }) {
  const Picture = held ? IconCheck : IconX
  return (
    <span className={classes['held']} data-held={held} title={title}>
      <Picture size={14} stroke={2.2} role="img" aria-label={held ? 'holds' : 'does not hold'} />
      <span className={classes['told']}>{children}</span>
    </span>
  )
}
