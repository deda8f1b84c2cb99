import '@mantine/dates/styles.css'
import { DateTimePicker } from '@mantine/dates'

interface EndsFieldProps {
  label?: string
  /** Without a time zone: what the clock here shows. */
  value: string | null
  onChange: (value: string | null) => void
  error?: string | null
}

/** When something ends by itself, if ever. */
export function EndsField({ label = 'Ends', value, onChange, error }: EndsFieldProps) {
  return (
    <DateTimePicker
      label={label}
      placeholder="Never"
      description={`In the time of this computer (${Intl.DateTimeFormat().resolvedOptions().timeZone})`}
      clearable
      clearButtonProps={{ 'aria-label': 'Never' }}
      minDate={new Date()}
      value={value}
      onChange={onChange}
      error={error}
    />
  )
}
