import { Switch } from '@mantine/core'
import { useSetEnabled, type Feature } from '@/data/features'
import type { Environment } from '@/data/places'
import type { ProjectId } from '@/lib/ids'
import { confirm } from '@/ui/confirm'
import { notifyDone } from '@/ui/notify'
import { useCan } from '@/widgets/can'
import { isProtected } from '@/widgets/environment-colour'
import { isOn, overrideCount } from './model'
import classes from './flag-list.module.css'

interface ToggleFlagProps {
  project: ProjectId
  environment: Environment
  feature: Feature
}

/** One click and an undo; a protected environment asks first, with what changes and for whom. */
export function ToggleFlag({ project, environment, feature }: ToggleFlagProps) {
  const set = useSetEnabled(project, environment)
  const may = useCan('UPDATE_FEATURE_STATE', { project, environment: environment.api_key })
  const on = isOn(feature)
  const change = (enabled: boolean, isUndo = false) =>
    set.mutate(
      { feature: feature.id, enabled },
      {
        onSuccess: () =>
          notifyDone({
            message: `${feature.name} is ${enabled ? 'on' : 'off'} in ${environment.name}`,
            ...(isUndo ? {} : { onUndo: () => change(!enabled, true) }),
          }),
      },
    )
  const ask = () => {
    const verb = on ? 'off' : 'on'
    const overrides = overrideCount(feature)
    confirm({
      title: `Turn ${feature.name} ${verb} in ${environment.name}?`,
      action: `Turn ${verb} in ${environment.name}`,
      children: `It goes ${verb} for everybody${overrides > 0 ? ` but those that its ${overrides} overrides name` : ''}.`,
      onConfirm: () => change(!on),
    })
  }
  return (
    <span className={classes['state']}>
      <span aria-hidden>{on ? 'On' : 'Off'}</span>
      <Switch
        size="sm"
        checked={on}
        disabled={!may}
        onChange={() => (isProtected(environment) ? ask() : change(!on))}
        aria-label={`${feature.name} in ${environment.name}`}
      />
    </span>
  )
}
