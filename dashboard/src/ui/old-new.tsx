import { VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './old-new.module.css'

interface OldNewProps {
  /** What changes: "State", "Value". */
  label: string
  before: ReactNode
  after: ReactNode
}

/** One change on one line: what, from what, to what. */
export function OldNew({ label, before, after }: OldNewProps) {
  return (
    <span className={classes['change']}>
      <span className={classes['label']}>{label}</span>
      <VisuallyHidden>from</VisuallyHidden>
      <span className={classes['before']}>{before}</span>
      <span className={classes['arrow']} aria-hidden>
        →
      </span>
      <VisuallyHidden>to</VisuallyHidden>
      <span className={classes['after']}>{after}</span>
    </span>
  )
}
