import type { Environment } from '@/data/places'
import { environmentColour, isProtected } from './environment-colour'
import classes from './environment-dot.module.css'

type Shown = Pick<
  Environment,
  'id' | 'name' | 'banner_colour' | 'is_protected' | 'minimum_change_request_approvals'
>

/** An environment's colour: a square for a protected one, a dot for the others. */
export function EnvironmentDot({ environment }: { environment: Shown }) {
  return (
    <span
      className={classes['dot']}
      data-protected={isProtected(environment)}
      style={{ background: environmentColour(environment) }}
      aria-hidden
    />
  )
}

/** The colour and the name. */
export function EnvironmentName({ environment }: { environment: Shown }) {
  return (
    <span className={classes['name']}>
      <EnvironmentDot environment={environment} />
      {environment.name}
    </span>
  )
}
