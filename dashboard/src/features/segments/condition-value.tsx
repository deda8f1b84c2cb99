import { Group, NumberInput, Slider, TagsInput, Text, TextInput } from '@mantine/core'
import { listOf } from '@/widgets/segment-words'
import { isShare, listText, type DraftCondition } from './draft'

interface ConditionValueProps {
  condition: DraftCondition
  problem: string | null
  onChange: (value: string) => void
}

/** The right input for what was chosen. */
export function ConditionValue({ condition, problem, onChange }: ConditionValueProps) {
  const { choice, value } = condition
  const error = problem !== null && problem !== 'Name the trait.' && value !== '' ? problem : undefined
  switch (choice) {
    case 'IS_SET':
    case 'IS_NOT_SET':
      return <span />
    case 'IN':
      return (
        <TagsInput
          size="sm"
          aria-label="Values"
          placeholder={value === '' ? 'A value, then Enter' : ''}
          splitChars={[',', '\n']}
          acceptValueOnBlur
          value={listOf(value)}
          onChange={(entries) => onChange(listText(entries))}
        />
      )
    case 'MODULO':
      return <Modulo value={value} onChange={onChange} />
    case 'PERCENTAGE_SPLIT':
      return <Share value={value} onChange={onChange} />
    default:
      return (
        <TextInput
          aria-label="Value"
          placeholder={
            choice === 'REGEX' ? '.*@example\\.com$' : choice.endsWith(':semver') ? '1.4.0' : 'Value'
          }
          autoComplete="off"
          spellCheck={false}
          error={error}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )
  }
}

interface ValueProps {
  value: string
  onChange: (value: string) => void
}

function Modulo({ value, onChange }: ValueProps) {
  const [divisor = '', remainder = ''] = value.split('|')
  return (
    <Group gap={6} wrap="nowrap">
      <NumberInput
        size="sm"
        hideControls
        aria-label="Divisor"
        placeholder="2"
        value={divisor}
        onChange={(next) => onChange(`${next}|${remainder}`)}
      />
      <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
        leaves
      </Text>
      <NumberInput
        size="sm"
        hideControls
        aria-label="What is left over"
        placeholder="0"
        value={remainder}
        onChange={(next) => onChange(`${divisor}|${next}`)}
      />
    </Group>
  )
}

function Share({ value, onChange }: ValueProps) {
  const share = isShare(value) ? Number(value) : 0
  return (
    <Group gap="sm" wrap="nowrap">
      <Slider
        flex={1}
        miw={60}
        size="sm"
        label={null}
        thumbLabel="Share"
        value={share}
        onChange={(next) => onChange(String(next))}
      />
      <NumberInput
        size="sm"
        w={84}
        hideControls
        suffix=" %"
        min={0}
        max={100}
        aria-label="Share in per cent"
        placeholder="10 %"
        value={value === '' ? '' : share}
        onChange={(next) => onChange(String(next))}
      />
    </Group>
  )
}
