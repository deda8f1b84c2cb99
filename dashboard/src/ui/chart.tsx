import { Skeleton } from '@mantine/core'
import { Suspense } from 'react'
import { part } from './part'

const Drawing = part(() => import('./chart-drawing'))

export interface Series {
  name: string
  label: string
  colour: string
}

export interface ChartProps {
  /** What the chart shows, for those who do not see it. */
  label: string
  points: readonly Readonly<Record<string, string | number>>[]
  /** The name of the field along the x axis. */
  along: string
  series: readonly Series[]
  kind?: 'bar' | 'line' | 'area'
  height?: number
}

/** A chart; the library that draws it arrives with the first one. */
export function Chart({ height = 220, ...rest }: ChartProps) {
  return (
    <figure aria-label={rest.label} style={{ margin: 0, height }}>
      <Suspense fallback={<Skeleton height={height} />}>
        <Drawing height={height} {...rest} />
      </Suspense>
    </figure>
  )
}
