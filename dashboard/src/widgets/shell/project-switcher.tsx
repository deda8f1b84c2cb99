import { UnstyledButton, VisuallyHidden } from '@mantine/core'
import { preload } from '@/lib/preload'
import { IconChevronDown } from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import { Mark } from '@/ui/mark'
import { part } from '@/ui/part'
import type { CurrentPlace } from '../place'
import classes from './project-switcher.module.css'

const loadMenu = () => import('./project-menu')
const ProjectMenu = part(loadMenu)

/** Which project this is; the menu of the others arrives when somebody reaches for it. */
export function ProjectSwitcher({ place }: { place: CurrentPlace }) {
  const [isAsked, setAsked] = useState(false)
  const title = place.project?.name ?? place.organisation?.name ?? 'Burgee'
  const button = (
    <UnstyledButton
      className={classes['button']}
      aria-haspopup="menu"
      onPointerEnter={() => preload(loadMenu)}
      onClick={() => setAsked(true)}
    >
      <Mark size={22} />
      <span className={classes['names']}>
        <span className={classes['project']}>{title}</span>
        {place.project && <span className={classes['organisation']}>{place.organisation?.name}</span>}
      </span>
      <VisuallyHidden>, switch project</VisuallyHidden>
      <IconChevronDown size={14} color="var(--text-muted)" aria-hidden />
    </UnstyledButton>
  )
  if (!isAsked) return button
  return (
    <Suspense fallback={button}>
      <ProjectMenu place={place}>{button}</ProjectMenu>
    </Suspense>
  )
}
