import { NumberInput } from '@mantine/core'
import type { CSSProperties } from 'react'
import type { Variant } from '@/data/features'
import type { TypedValue, Weight } from '@/data/targeting'
import { valueWords } from './changes'
import { remainder } from './draft'
import { variantColour, variantName } from './names'
import classes from './weights.module.css'

interface WeightsProps {
  /** Where the shares are: "in Production". */
  where: string
  variants: readonly Variant[]
  weights: readonly Weight[]
  /** What those get who are in no variant. */
  control: TypedValue | null
  onChange?: (weights: Weight[]) => void
}

/** The shares of the variants as one bar that adds up, and as numbers. */
export function Weights({ where, variants, weights, control, onChange }: WeightsProps) {
  const rest = remainder(weights)
  const set = (id: number, weight: number) =>
    onChange?.(
      variants.map((each) => ({ id: each.id, weight: each.id === id ? weight : weightOf(weights, each.id) })),
    )
  return (
    <div className={classes['weights']}>
      <WeightBar {...{ variants, weights }} />
      <ul className={classes['list']}>
        {variants.map((variant, place) => (
          <li key={variant.id} className={classes['item']}>
            <span className={classes['swatch']} style={{ background: variantColour(place) }} aria-hidden />
            <code className={classes['name']} title={variantName(variant)}>
              {variantName(variant)}
            </code>
            <NumberInput
              size="xs"
              w={84}
              min={0}
              max={100}
              suffix=" %"
              aria-label={`Share of ${variantName(variant)} ${where}`}
              value={weightOf(weights, variant.id)}
              disabled={!onChange}
              decimalScale={2}
              clampBehavior="strict"
              onChange={(share) => set(variant.id, Number(share) || 0)}
            />
          </li>
        ))}
        <li className={classes['item']}>
          <span className={classes['swatch']} data-rest aria-hidden />
          <code className={classes['name']}>{valueWords(control)}</code>
          <span className={classes['rest']} data-wrong={rest < 0 || undefined}>
            {rest} %
          </span>
        </li>
      </ul>
    </div>
  )
}

/** Only the bar; what no variant takes is grey. */
export function WeightBar({ variants, weights }: Pick<WeightsProps, 'variants' | 'weights'>) {
  const words = variants
    .map((variant) => `${variantName(variant)} ${weightOf(weights, variant.id)} %`)
    .join(', ')
  return (
    <div className={classes['bar']} role="img" aria-label={`Shares: ${words}`} title={words}>
      {variants.map((variant, place) => (
        <span key={variant.id} style={part(weightOf(weights, variant.id), variantColour(place))} />
      ))}
    </div>
  )
}

function weightOf(weights: readonly Weight[], id: number): number {
  return weights.find((each) => each.id === id)?.weight ?? 0
}

function part(share: number, colour: string): CSSProperties {
  return { width: `${Math.min(share, 100)}%`, background: colour }
}
