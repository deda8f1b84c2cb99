import { NumberInput, Slider } from '@mantine/core'
import { IconPercentage } from '@tabler/icons-react'
import { Badge } from '@/ui/badge'
import classes from './targeting.module.css'

interface RolloutProps {
  percentage: number
  where: string
  disabled: boolean
  onReach: (percentage: number) => void
}

const MARKS = [0, 25, 50, 75, 100].map((value) => ({ value, label: String(value) }))

/** How large the share is: a slider, and a box for those who want 12.5. */
export function RolloutSlider({ percentage, where, disabled, onReach }: RolloutProps) {
  return (
    <div className={classes['rollout']}>
      <Slider
        className={classes['slider']}
        size="sm"
        min={0}
        max={100}
        marks={MARKS}
        disabled={disabled}
        value={percentage}
        onChange={onReach}
        label={(value) => `${value} %`}
        thumbLabel={`Roll-out in ${where}`}
      />
      <NumberInput
        size="xs"
        w={84}
        min={0}
        max={100}
        decimalScale={2}
        suffix=" %"
        clampBehavior="strict"
        aria-label={`Share of the roll-out in ${where}`}
        disabled={disabled}
        value={percentage}
        onChange={(share) => onReach(Number(share) || 0)}
      />
    </div>
  )
}

/** The roll-out of a flag that has none yet: moving the slider makes one. */
export function RolloutRow(props: RolloutProps) {
  return (
    <div className={classes['row']} data-quiet>
      <span className={classes['place']}>
        <IconPercentage size={15} aria-hidden />
      </span>
      <div className={classes['whom']} data-wide>
        <span className={classes['name']}>
          A share of everybody <Badge>roll-out</Badge>
        </span>
        <RolloutSlider {...props} />
      </div>
    </div>
  )
}
