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

type Value = string | number | boolean | null

/** How a value is written as code, and what it is. */
export function codeOf(value: Value): { kind: string; code: string; title: string } {
  if (value === null) return { kind: 'none', code: '–', title: 'No value' }
  const title = String(value)
  const isText = typeof value === 'string' && !/^\s*[[{<]/.test(value)
  return { kind: typeof value, code: isText ? `"${value}"` : title, title }
}

/** A value as code: `null`, numbers and text look different. */
export function ValueChip({ value }: { value: Value }) {
  const { kind, code, title } = codeOf(value)
  return (
    <code className={classes['value']} data-kind={kind} title={title}>
      {code}
    </code>
  )
}
