import type { ReactNode } from 'react'
import classes from './list-frame.module.css'

/** The content of a page that is one long list: as high as the window, so that the list scrolls and not the page. */
export function ListFrame({ children }: { children: ReactNode }) {
  return <div className={classes['frame']}>{children}</div>
}

/** The list itself: takes the height that is left. */
export function ListBody({ children }: { children: ReactNode }) {
  return <div className={classes['body']}>{children}</div>
}
