import { useEffect, useRef, type ReactNode } from 'react'
import classes from './page.module.css'
import { ListSkeleton } from './states'

interface PageProps {
  title: string
  /** The end of the browser's title, such as the environment and the project. */
  of?: string | undefined
  about?: ReactNode
  actions?: ReactNode
  /** Forms read best in a narrow column; lists take the width. */
  narrow?: boolean
  children: ReactNode
}

/** Every page: its title in the tab and as the heading that a screen reader lands on, its actions, its content. */
export function Page({ title, of, about, actions, narrow = false, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  }, [title])
  return (
    <div className={classes['page']}>
      <title>{[title, of, 'Burgee'].filter(Boolean).join(' · ')}</title>
      <div className={classes['head']}>
        <div>
          <h1 ref={heading} tabIndex={-1} className={classes['title']}>
            {title}
          </h1>
          {about && <p className={classes['about']}>{about}</p>}
        </div>
        {actions && <div className={classes['actions']}>{actions}</div>}
      </div>
      <div className={`${classes['body'] ?? ''} ${narrow ? (classes['narrow'] ?? '') : ''}`}>{children}</div>
    </div>
  )
}

/** The place of a page that is on its way. */
export function PageSkeleton() {
  return (
    <div className={classes['body']}>
      <ListSkeleton />
    </div>
  )
}
