import { useQuery } from '@tanstack/react-query'
import type { CSSProperties } from 'react'
import { tagsOf, type Tag } from '@/data/features'
import { healthOf, standingOf, type FeatureInFull } from '@/data/flag'
import { Badge, type Tone } from '@/ui/badge'
import { useProject } from '@/widgets/use-environment'
import classes from './flag-screen.module.css'

const STAGES: Readonly<Record<string, { label: string; tone: Tone; title: string }>> = {
  new: { label: 'new', tone: 'neutral', title: 'No code is known to name it yet' },
  live: { label: 'live', tone: 'positive', title: 'Code names it' },
  permanent: { label: 'permanent', tone: 'neutral', title: 'It carries a permanent tag' },
  stale: { label: 'stale', tone: 'warning', title: 'Unchanged for long, but code still names it' },
  needs_monitoring: {
    label: 'to monitor',
    tone: 'warning',
    title: 'Stale and in no code, but evaluated within 30 days',
  },
  to_remove: {
    label: 'to remove',
    tone: 'warning',
    title: 'Stale, in no code, and not evaluated for 30 days',
  },
}

/** What is to be known of the feature at a glance. */
export function FlagBadges({ feature }: { feature: FeatureInFull }) {
  const project = useProject()
  const { data: tags = [] } = useQuery(tagsOf(project.id))
  const { data: standing } = useQuery(standingOf(project.id, feature.id, feature.name))
  const { data: events = [] } = useQuery(healthOf(project.id))
  const isIll = events.some((event) => event.feature === feature.id && event.type === 'UNHEALTHY')
  const stage = STAGES[standing?.lifecycle_stage ?? '']
  return (
    <span className={classes['badges']}>
      {feature.is_archived && <Badge tone="warning">archived</Badge>}
      {isIll && <Badge tone="negative">unhealthy</Badge>}
      {stage && !feature.is_archived && (
        <Badge tone={stage.tone} title={stage.title}>
          {stage.label}
        </Badge>
      )}
      {feature.is_server_key_only && <Badge title="Only server-side SDKs get it">server only</Badge>}
      {tags
        .filter(({ id }) => feature.tags.includes(id))
        .map((tag) => (
          <span key={tag.id} className={classes['tag']} style={colourOf(tag)}>
            {tag.label}
          </span>
        ))}
      {feature.description && <span>{feature.description.split('\n')[0]}</span>}
    </span>
  )
}

function colourOf({ color }: Tag): CSSProperties & Record<'--tag-colour', string> {
  return { '--tag-colour': color }
}
