import { Switch } from '@mantine/core'
import type { Variant } from '@/data/features'
import type { FlagState } from '@/data/targeting'
import { ValueField } from './value-field'
import { Weights } from './weights'
import classes from './targeting.module.css'

interface StateFieldsProps {
  /** Whose state it is: "Staff in Production". */
  what: string
  state: FlagState
  variants: readonly Variant[]
  disabled: boolean
  onChange: (changes: Partial<FlagState>) => void
}

/** What those get whom a rule is for. */
export function StateFields({ what, state, variants, disabled, onChange }: StateFieldsProps) {
  return (
    <div className={classes['gets']}>
      <span className={classes['state']}>
        <Switch
          size="sm"
          checked={state.enabled}
          disabled={disabled}
          onChange={() => onChange({ enabled: !state.enabled })}
          aria-label={`On for ${what}`}
        />
        <span aria-hidden>{state.enabled ? 'On' : 'Off'}</span>
      </span>
      <ValueField
        label={`Value for ${what}`}
        value={state.value}
        disabled={disabled}
        onChange={(value) => onChange({ value })}
      />
      {variants.length > 0 && (
        <div className={classes['split']}>
          <Weights
            where={`for ${what}`}
            variants={variants}
            weights={state.variants}
            control={state.value}
            {...(!disabled && { onChange: (weights) => onChange({ variants: weights }) })}
          />
        </div>
      )}
    </div>
  )
}
