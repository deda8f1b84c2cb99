import { Button, Group, Popover, SegmentedControl, Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import type { TypedValue } from '@/data/targeting'
import { problemIn, detectFormat } from '@/ui/value-format'
import { isSame, kindFor, problemOf } from './edits'
import classes from './cells.module.css'

interface ValueFormProps {
  label: string
  value: TypedValue | null
  before: TypedValue | null
  onChange: (value: TypedValue | null) => void
  /** By a key: focus goes back to where it came from. */
  onClose: (isByKey: boolean) => void
}

const KINDS: { value: TypedValue['type']; label: string }[] = [
  { value: 'string', label: 'Text' },
  { value: 'integer', label: 'Number' },
  { value: 'boolean', label: 'True or false' },
]

/** What is typed stands in the draft at once; Enter and a click elsewhere close, Escape takes it back. */
export default function ValuePopover(props: ValueFormProps) {
  return (
    <Popover
      opened
      onDismiss={() => props.onClose(false)}
      position="bottom-start"
      shadow="md"
      trapFocus
      withinPortal
      // What it hangs below is not what opens it.
      withRoles={false}
      closeOnEscape={false}
    >
      <Popover.Target>
        <span className={classes['anchor']} />
      </Popover.Target>
      <Popover.Dropdown p="xs" role="dialog" aria-label={`Value of ${props.label}`}>
        <ValueForm {...props} />
      </Popover.Dropdown>
    </Popover>
  )
}

function ValueForm({ label, value, before, onChange, onClose }: ValueFormProps) {
  const [start] = useState(value)
  const [text, setText] = useState(value?.value ?? '')
  const [chosen, setChosen] = useState(value?.type ?? before?.type ?? null)
  const [kind, setKind] = useState<TypedValue['type']>(value?.type ?? 'string')
  const problem = problemOf({ type: kind, value: text }) ?? problemIn(text, detectFormat(text))
  const put = (next: TypedValue | null) => {
    if (next === null || problemOf(next) === null) onChange(next)
  }
  return (
    <Stack gap="xs" w={300}>
      <Textarea
        data-autofocus
        label={label}
        autosize
        minRows={1}
        maxRows={14}
        spellCheck={false}
        value={text}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          const typed = event.currentTarget.value
          const type = kindFor(typed, chosen)
          setText(typed)
          setKind(type)
          put({ type, value: typed })
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault()
            onClose(true)
          }
          if (event.key === 'Escape') {
            onChange(start)
            onClose(true)
          }
        }}
      />
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label="Kind of value"
        data={KINDS}
        value={kind}
        onChange={(next) => {
          const type = KINDS.find((each) => each.value === next)?.value ?? 'string'
          setKind(type)
          setChosen(type)
          put({ type, value: text })
        }}
      />
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text size="xs" c={problem ? 'red' : 'dimmed'} role="status">
          {problem ?? 'Enter keeps it, Shift Enter is a new line'}
        </Text>
        {!isSame(value, before) && (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => {
              onChange(before)
              onClose(true)
            }}
          >
            Reset
          </Button>
        )}
      </Group>
    </Stack>
  )
}
