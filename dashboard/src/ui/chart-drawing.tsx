import {
  Area,
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import type { ChartProps } from './chart'

const AXIS = {
  stroke: 'var(--line-strong)',
  tick: { fill: 'var(--text-muted)', fontSize: 11 },
  tickLine: false,
}

function Drawing({ points, along, series, kind = 'bar', height }: ChartProps) {
  return (
    <ResponsiveContainer width="100%" height={height ?? 220}>
      <ComposedChart data={[...points]} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey={along} {...AXIS} minTickGap={24} />
        <YAxis {...AXIS} axisLine={false} width={44} allowDecimals={false} />
        <Tooltip
          isAnimationActive={false}
          contentStyle={{
            background: 'var(--surface)',
            border: '1px solid var(--line-strong)',
            borderRadius: 6,
            fontSize: 12,
          }}
        />
        {series.map(({ name, label, colour }) => {
          const shared = { dataKey: name, name: label, isAnimationActive: false }
          if (kind === 'line')
            return <Line key={name} {...shared} stroke={colour} strokeWidth={1.75} dot={false} />
          if (kind === 'area')
            return (
              <Area key={name} {...shared} stroke={colour} fill={colour} fillOpacity={0.15} stackId="all" />
            )
          return <Bar key={name} {...shared} fill={colour} stackId="all" />
        })}
      </ComposedChart>
    </ResponsiveContainer>
  )
}

export default Drawing
