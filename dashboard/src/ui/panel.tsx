import type { ReactNode } from 'react'
import classes from './panel.module.css'

interface PanelProps {
  label: string
  children: ReactNode
}

/** A framed part of a page; begins with a level-two heading. */
export function Panel({ label, children }: PanelProps) {
  return (
    <section className={classes['panel']} aria-label={label}>
      {children}
    </section>
  )
}
