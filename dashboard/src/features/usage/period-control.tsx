import { SegmentedControl } from '@mantine/core'
import { PERIODS, type Period } from '@/data/usage'

const NAMES: Record<Period, string> = {
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
}

interface PeriodControlProps {
  value: Period | undefined
  onChange: (period: Period | undefined) => void
}

/** The time up to now that is looked at. */
export function PeriodControl({ value = '30d', onChange }: PeriodControlProps) {
  return (
    <SegmentedControl
      size="xs"
      aria-label="Period"
      data={PERIODS.map((period) => ({ value: period, label: NAMES[period] }))}
      value={value}
      onChange={(chosen) => onChange(PERIODS.find((period) => period === chosen))}
    />
  )
}
