import {
  ActionIcon,
  Button,
  Group,
  Menu,
  Modal,
  SegmentedControl,
  TextInput,
  UnstyledButton,
  VisuallyHidden,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowsDiagonal } from '@tabler/icons-react'
import { useState } from 'react'
import type { TypedValue } from '@/data/targeting'
import { styleNonce } from '@/lib/facts'
import { ValueEditor } from '@/ui/value-editor'
import { detectFormat, type Format } from '@/ui/value-format'
import classes from './value-field.module.css'

interface ValueFieldProps {
  /** Whose value it is: "Value in Production". */
  label: string
  value: TypedValue | null
  onChange: (value: TypedValue | null) => void
  disabled?: boolean
}

/** A value with its type in sight; longer ones open in an editor. */
export function ValueField({ label, value, onChange, disabled = false }: ValueFieldProps) {
  const [isOpen, editor] = useDisclosure(false)
  return (
    <Group gap={4} wrap="nowrap" className={classes['field'] ?? ''}>
      {value?.type === 'boolean' ? (
        <SegmentedControl
          size="xs"
          aria-label={label}
          disabled={disabled}
          data={['true', 'false']}
          value={value.value}
          onChange={(text) => onChange({ type: 'boolean', value: text })}
        />
      ) : isLong(value) ? (
        <UnstyledButton className={classes['long']} onClick={editor.open}>
          <VisuallyHidden>Edit: {label}: </VisuallyHidden>
          {value?.value}
        </UnstyledButton>
      ) : (
        <TextInput
          size="xs"
          aria-label={label}
          className={classes['input']}
          classNames={{ input: classes['mono'] ?? '' }}
          placeholder="No value"
          spellCheck={false}
          autoComplete="off"
          disabled={disabled}
          error={value?.type === 'integer' && !/^-?\d+$/.test(value.value.trim())}
          value={value?.value ?? ''}
          onChange={(event) => onChange({ type: value?.type ?? 'string', value: event.currentTarget.value })}
        />
      )}
      <TypeMenu {...{ label, value, onChange, disabled }} />
      {value?.type === 'string' && (
        <ActionIcon
          size={24}
          className={classes['open'] ?? ''}
          aria-label={`Open the editor: ${label}`}
          onClick={editor.open}
        >
          <IconArrowsDiagonal size={14} />
        </ActionIcon>
      )}
      <Modal opened={isOpen} onClose={editor.close} title={label} size="xl">
        <LongValue
          label={label}
          text={value?.value ?? ''}
          readOnly={disabled}
          onDone={(text) => {
            editor.close()
            if (text !== (value?.value ?? '')) onChange({ type: 'string', value: text })
          }}
        />
      </Modal>
    </Group>
  )
}

function isLong(value: TypedValue | null): boolean {
  return value?.type === 'string' && (/\n|^\s*[[{<]/.test(value.value) || value.value.length > 60)
}

const TYPES = [
  { type: 'string', mark: 'abc', label: 'Text' },
  { type: 'integer', mark: '123', label: 'Whole number' },
  { type: 'boolean', mark: 'T/F', label: 'True or false' },
  { type: null, mark: '–', label: 'No value' },
] as const

function TypeMenu({ label, value, onChange, disabled }: Required<ValueFieldProps>) {
  const shown = TYPES.find(({ type }) => type === (value?.type ?? null)) ?? TYPES[3]
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <UnstyledButton className={classes['type']} disabled={disabled} title={shown.label}>
          {shown.mark}
          <VisuallyHidden>
            : {shown.label}, the type of {label}
          </VisuallyHidden>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {TYPES.map(({ type, mark, label: name }) => (
          <Menu.Item
            key={mark}
            leftSection={<span className={classes['mark']}>{mark}</span>}
            onClick={() => onChange(type === null ? null : converted(value, type))}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** The value as another type, where its text has a meaning there. */
function converted(value: TypedValue | null, type: TypedValue['type']): TypedValue {
  const text = value?.value ?? ''
  if (type === 'boolean') return { type, value: /^(true|1|yes|on)$/i.test(text.trim()) ? 'true' : 'false' }
  if (type === 'integer') return { type, value: /^-?\d+$/.test(text.trim()) ? text.trim() : '0' }
  return { type, value: text }
}

interface LongValueProps {
  label: string
  text: string
  readOnly: boolean
  onDone: (text: string) => void
}

function LongValue({ label, text, readOnly, onDone }: LongValueProps) {
  const [typed, setTyped] = useState(text)
  const [format, setFormat] = useState<Format>(() => detectFormat(text))
  return (
    <>
      <ValueEditor
        label={label}
        value={typed}
        onChange={setTyped}
        format={format}
        onFormat={setFormat}
        readOnly={readOnly}
        nonce={styleNonce}
      />
      <Group justify="flex-end" mt="xs">
        <Button onClick={() => onDone(typed)}>{readOnly ? 'Close' : 'Take into the draft'}</Button>
      </Group>
    </>
  )
}
