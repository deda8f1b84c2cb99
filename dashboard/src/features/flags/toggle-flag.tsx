import { Stack } from '@mantine/core'
import { memo } from 'react'
import type { FlagRow } from '@/data/matrix'
import type { Environment } from '@/data/places'
import { confirm } from '@/ui/confirm'
import { Switch } from '@/ui/switch'
import { isProtected } from '@/widgets/environment-colour'
import { WhoFlips } from '@/widgets/who-flips'
import { exceptions } from './model'
import type { Cells } from './use-cells'

interface ToggleFlagProps {
  row: FlagRow
  environment: Environment
  may: boolean
  save: Cells['save']
}

/** One click and an undo; a protected environment asks first, with what changes and for whom. */
export const ToggleFlag = memo(function ToggleFlag({ row, environment, may, save }: ToggleFlagProps) {
  const cell = row.states[environment.id]
  if (!cell) return null
  const verb = cell.enabled ? 'off' : 'on'
  const change = () =>
    save(
      [{ feature: row.id, environment, enabled: !cell.enabled }],
      `${row.name} is ${verb} in ${environment.name}`,
    )
  const ask = () =>
    confirm({
      title: `Turn ${row.name} ${verb} in ${environment.name}?`,
      action: `Turn ${verb} in ${environment.name}`,
      children: (
        <Stack gap="xs">
          <span>{`It goes ${verb} for everybody${exceptions(cell)}.`}</span>
          <WhoFlips
            feature={row.id}
            environment={environment}
            body={{ environment_default: { enabled: !cell.enabled } }}
          />
        </Stack>
      ),
      onConfirm: change,
    })
  return (
    <Switch
      label={`${row.name} in ${environment.name}`}
      checked={cell.enabled}
      disabled={!may}
      onToggle={isProtected(environment) ? ask : change}
    />
  )
})
