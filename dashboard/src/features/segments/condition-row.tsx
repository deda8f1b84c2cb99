import { ActionIcon, Autocomplete, Popover, Select, Text, TextInput } from '@mantine/core'
import { IconFlask, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { OF_THE_IDENTITY } from '@/data/segment-rules'
import { Badge } from '@/ui/badge'
import { ConditionValue } from './condition-value'
import { conditionProblem, type Choice, type DraftCondition } from './draft'
import { choiceFrom, CHOICES } from './operator-choices'
import { canBeTried, tried } from './trying'
import classes from './rule-builder.module.css'

interface ConditionRowProps {
  condition: DraftCondition
  /** What joins it to the one before: "and", "or". */
  joint: string
  traits: readonly string[]
  /** Why the engine never lets it match. */
  warning: string | undefined
  onChange: (condition: DraftCondition) => void
  onRemove: () => void
}

/** One line of the sentence: trait, operator, value. */
export function ConditionRow({ condition, joint, traits, warning, onChange, onRemove }: ConditionRowProps) {
  const { choice, property } = condition
  const problem = conditionProblem(condition)
  const choose = (next: Choice) => onChange({ ...condition, choice: next, value: carried(condition, next) })
  return (
    <div className={classes['row']} role="group" aria-label={`Condition on ${property || 'a new trait'}`}>
      <span className={classes['joint']}>{joint}</span>
      <Autocomplete
        size="sm"
        className={classes['trait'] ?? ''}
        aria-label="Trait"
        placeholder={choice === 'PERCENTAGE_SPLIT' ? 'identities' : 'Trait'}
        autoComplete="off"
        spellCheck={false}
        data={[
          ...(traits.length > 0 ? [{ group: 'Traits', items: [...traits] }] : []),
          { group: 'Not a trait', items: OF_THE_IDENTITY.map((known) => known.property) },
        ]}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        value={property}
        onChange={(next) => onChange({ ...condition, property: next })}
      />
      <Select
        className={classes['operator'] ?? ''}
        aria-label="Operator"
        searchable
        allowDeselect={false}
        maxDropdownHeight={340}
        data={CHOICES}
        value={choice}
        onChange={(next) => choose(choiceFrom(next) ?? choice)}
      />
      <div className={classes['value']}>
        <ConditionValue
          condition={condition}
          problem={problem}
          onChange={(value) => onChange({ ...condition, value })}
        />
        {warning && (
          <Text size="xs" c="red">
            Never matches: {warning}
          </Text>
        )}
      </div>
      <span className={classes['actions']}>
        {canBeTried(condition) && <TryValue condition={condition} />}
        <ActionIcon aria-label={`Remove the condition on ${property || 'a new trait'}`} onClick={onRemove}>
          <IconTrash size={15} />
        </ActionIcon>
      </span>
    </div>
  )
}

// A text stays when one turns "is" into "contains"; what another kind of value means nothing.
function carried({ choice, value }: DraftCondition, next: Choice): string {
  const isText = (each: Choice) =>
    !['IN', 'MODULO', 'PERCENTAGE_SPLIT', 'IS_SET', 'IS_NOT_SET'].includes(each)
  if (isText(choice) && isText(next)) return value
  if (isText(choice) && next === 'IN') return value
  return next === 'PERCENTAGE_SPLIT' ? '10' : ''
}

/** A place to type a value and see whether it fits, before anybody depends on it. */
function TryValue({ condition }: { condition: DraftCondition }) {
  const [sample, setSample] = useState('')
  const trial = tried(condition, sample)
  return (
    <Popover position="bottom-end" shadow="md" width={280} trapFocus>
      <Popover.Target>
        <ActionIcon aria-label="Try a value" title="Try a value">
          <IconFlask size={15} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <TextInput
          label="Try a value"
          data-autofocus
          autoComplete="off"
          spellCheck={false}
          value={sample}
          onChange={(event) => setSample(event.currentTarget.value)}
        />
        <Text size="xs" c="dimmed" mt={8} role="status" component="div">
          {sample === '' ? (
            'Type what an app could send.'
          ) : 'unknown' in trial ? (
            trial.unknown
          ) : (
            <Badge tone={trial.fits ? 'positive' : 'neutral'}>{trial.fits ? 'Fits' : 'Does not fit'}</Badge>
          )}
        </Text>
      </Popover.Dropdown>
    </Popover>
  )
}
