import { useMemo } from 'react'
import type { Environment } from '@/data/places'
import type { Segment } from '@/data/segments'
import type { DraftRule } from './draft'
import { rulesOf } from './draft'
import { ReachPanel } from './reach-panel'
import { SegmentTest } from './segment-test'
import classes from './segments.module.css'

interface SegmentSideProps {
  segment: Segment
  environments: readonly Environment[]
  environment: Environment
  onEnvironment: (key: string) => void
  /** Null as long as something is missing in them. */
  rules: readonly DraftRule[] | null
  hasUnsaved: boolean
}

/** What the definition means: whom it fits, which flags look at it, whether somebody is in it. */
export function SegmentSide({
  segment,
  environments,
  environment,
  onEnvironment,
  rules,
  hasUnsaved,
}: SegmentSideProps) {
  const definition = useMemo(() => (rules ? rulesOf(rules) : null), [rules])
  return (
    <aside className={classes['side']} aria-label="What it means">
      <ReachPanel
        project={segment.project}
        {...{ environments, environment, onEnvironment, segment }}
        rules={definition}
      />
      <SegmentTest segment={segment} environment={environment} hasUnsaved={hasUnsaved} />
    </aside>
  )
}
