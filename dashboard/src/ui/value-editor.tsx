import { Group, Input, SegmentedControl, Skeleton, Text } from '@mantine/core'
import { Suspense, useId } from 'react'
import { detectFormat, FORMATS, isFormat, problemIn, type Format } from './value-format'
import { part } from './part'

const CodeEditor = part(() => import('./code-editor'))

interface ValueEditorProps {
  label: string
  value: string
  onChange: (text: string) => void
  format?: Format | undefined
  onFormat?: (format: Format) => void
  readOnly?: boolean
  nonce?: string
}

/** The text of a value with the colours of its format, and what is wrong with it in words. */
export function ValueEditor({
  label,
  value,
  onChange,
  format,
  onFormat,
  readOnly = false,
  nonce = '',
}: ValueEditorProps) {
  const id = useId()
  const shown = format ?? detectFormat(value)
  const problem = problemIn(value, shown)
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Input.Label id={id}>{label}</Input.Label>
        {onFormat && (
          <SegmentedControl
            size="xs"
            aria-label="Format"
            data={FORMATS.map((each) => ({ value: each, label: each.toUpperCase() }))}
            value={shown}
            onChange={(next) => isFormat(next) && onFormat(next)}
          />
        )}
      </Group>
      <Suspense fallback={<Skeleton height={96} />}>
        <CodeEditor
          labelledBy={id}
          value={value}
          onChange={onChange}
          format={shown}
          readOnly={readOnly}
          nonce={nonce}
        />
      </Suspense>
      <Text size="xs" c="red" mih={18} role="status">
        {problem}
      </Text>
    </div>
  )
}
