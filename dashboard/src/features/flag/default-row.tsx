import { IconUsersGroup } from '@tabler/icons-react'
import type { Feature } from '@/data/features'
import { withState } from './draft'
import { StateFields } from './state-fields'
import type { FlagHere } from './use-draft'
import classes from './targeting.module.css'

interface DefaultRowProps {
  feature: Feature
  here: FlagHere
  mayChange: boolean
}

/** What all others get; its variants' shares are what makes an experiment. */
export function DefaultRow({ feature, here, mayChange }: DefaultRowProps) {
  const { draft, environment } = here
  const { flag } = draft
  return (
    <div className={classes['row']}>
      <span className={classes['place']}>
        <IconUsersGroup size={15} aria-hidden />
      </span>
      <div className={classes['whom']}>
        <span className={classes['name']}>{flag.rules.length > 0 ? 'Everybody else' : 'Everybody'}</span>
        <span className={classes['sentence']}>The default in {environment.name}</span>
      </div>
      <StateFields
        what={`everybody in ${environment.name}`}
        state={flag.default}
        variants={feature.multivariate_options}
        disabled={!mayChange}
        onChange={(changes) =>
          here.change({ ...draft, flag: { ...flag, default: withState(flag.default, changes) } })
        }
      />
      <span className={classes['end']} />
    </div>
  )
}
