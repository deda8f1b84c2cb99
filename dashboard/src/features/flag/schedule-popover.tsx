import '@mantine/dates/styles.css'
import { Alert, Button, Popover, Stack, Text } from '@mantine/core'
import { DateTimePicker } from '@mantine/dates'
import { cloneElement, useState, type ReactElement } from 'react'

interface SchedulePopoverProps {
  places: string
  /** Why the draft cannot wait; null if it can. */
  problem: string | null
  isPending: boolean
  onSchedule: (at: Date) => void
  children: ReactElement<{ onClick: () => void }>
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** When the draft shall become what is served. Opens as soon as it is there. */
export default function SchedulePopover({
  places,
  problem,
  isPending,
  onSchedule,
  children,
}: SchedulePopoverProps) {
  const [isOpen, setOpen] = useState(true)
  const [field, setField] = useState<string | null>(null)
  const at = field === null ? null : new Date(field.replace(' ', 'T'))
  return (
    <Popover opened={isOpen} onChange={setOpen} position="top-end" shadow="md" trapFocus width={300}>
      <Popover.Target>{cloneElement(children, { onClick: () => setOpen(!isOpen) })}</Popover.Target>
      <Popover.Dropdown>
        {problem === null ? (
          <Stack gap="sm">
            <DateTimePicker
              label="Save later"
              placeholder="Day and time"
              description={`In the time of this computer (${zone})`}
              popoverProps={{ withinPortal: false }}
              minDate={new Date()}
              value={field}
              onChange={setField}
            />
            <Text size="xs" c="dimmed">
              Then the flag becomes as it is drafted here, whatever is changed until then.
            </Text>
            <Button
              disabled={at === null || at <= new Date()}
              loading={isPending}
              onClick={() => at && onSchedule(at)}
            >
              Schedule in {places}
            </Button>
          </Stack>
        ) : (
          <Alert color="gray" variant="light">
            {problem}
          </Alert>
        )}
      </Popover.Dropdown>
    </Popover>
  )
}
