import classes from './sparkline.module.css'

interface SparklineProps {
  /** What the bars tell, for those who do not see them. */
  label: string
  counts: readonly number[]
}

const STEP = 4
const HEIGHT = 16

/** A bar for each count; the highest fills the height. */
export function Sparkline({ label, counts }: SparklineProps) {
  const most = Math.max(1, ...counts)
  return (
    <svg
      role="img"
      aria-label={label}
      className={classes['line']}
      width={counts.length * STEP}
      height={HEIGHT}
    >
      {counts.map((count, place) => {
        const height = count === 0 ? 1 : Math.max(2, Math.round((count / most) * HEIGHT))
        return (
          <rect
            key={place}
            x={place * STEP}
            y={HEIGHT - height}
            width={STEP - 1}
            height={height}
            data-none={count === 0}
          />
        )
      })}
    </svg>
  )
}
