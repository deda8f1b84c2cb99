import classes from './sparkline.module.css'

interface SparklineProps {
  /** What the bars tell, for those who do not see them. */
  label: string
  counts: readonly number[]
}

const STEP = 4
const HEIGHT = 16

/** A bar for each count; the highest fills the height. Two shapes, not one for each bar: lists draw hundreds of these. */
export function Sparkline({ label, counts }: SparklineProps) {
  const most = Math.max(1, ...counts)
  let bars = ''
  let gaps = ''
  counts.forEach((count, place) => {
    const height = count === 0 ? 1 : Math.max(2, Math.round((count / most) * HEIGHT))
    const bar = `M${place * STEP} ${HEIGHT}v${-height}h${STEP - 1}v${height}z`
    if (count === 0) gaps += bar
    else bars += bar
  })
  return (
    <svg
      role="img"
      aria-label={label}
      className={classes['line']}
      width={counts.length * STEP}
      height={HEIGHT}
    >
      {bars && <path d={bars} />}
      {gaps && <path d={gaps} data-none />}
    </svg>
  )
}
