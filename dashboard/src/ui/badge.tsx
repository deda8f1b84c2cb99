import type { ReactNode } from 'react'
import classes from './badge.module.css'

export type Tone = 'neutral' | 'accent' | 'positive' | 'negative' | 'warning'

/** A word about something: always text, so that colour is never alone. */
export function Badge({
  tone = 'neutral',
  title,
  children,
}: {
  tone?: Tone
  title?: string
  children: ReactNode
}) {
  return (
    <span className={`${classes['badge'] ?? ''} ${classes[tone] ?? ''}`} title={title}>
      {children}
    </span>
  )
}

/** A value as code: `null`, numbers and text look different. */
export function ValueChip({ value }: { value: string | number | boolean | null }) {
  const kind = value === null ? 'none' : typeof value
  const text = value === null ? '–' : String(value)
  return (
    <code className={classes['value']} data-kind={kind} title={value === null ? 'No value' : text}>
      {kind === 'string' && !/^\s*[[{<]/.test(text) ? `"${text}"` : text}
    </code>
  )
}
