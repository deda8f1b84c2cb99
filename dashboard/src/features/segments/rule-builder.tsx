import { Button, Group, Select } from '@mantine/core'
import { IconFolderPlus, IconPlus, IconTrash } from '@tabler/icons-react'
import { RULE_TYPES, type RuleType } from '@/data/segment-rules'
import { ConditionRow } from './condition-row'
import { blankCondition, blankRule, conditionOf, type DraftRule } from './draft'
import classes from './rule-builder.module.css'

interface RuleBuilderProps {
  rules: readonly DraftRule[]
  traits: readonly string[]
  warnings: Readonly<Record<string, string>>
  disabled: boolean
  onChange: (rules: readonly DraftRule[]) => void
}

/** The definition as a sentence that one can edit. */
export function RuleBuilder({ rules, disabled, onChange, ...shared }: RuleBuilderProps) {
  return (
    <fieldset className={classes['builder']} disabled={disabled}>
      <legend className={classes['legend']}>Who is in it</legend>
      {rules.map((rule, place) => (
        <div key={rule.key}>
          {place > 0 && <p className={classes['between']}>and</p>}
          <RuleEditor
            {...shared}
            rule={rule}
            level={1}
            onChange={(changed) => onChange(rules.map((each) => (each.key === rule.key ? changed : each)))}
            {...(rules.length > 1 && {
              onRemove: () => onChange(rules.filter((each) => each.key !== rule.key)),
            })}
          />
        </div>
      ))}
    </fieldset>
  )
}

interface RuleEditorProps extends Pick<RuleBuilderProps, 'traits' | 'warnings'> {
  rule: DraftRule
  level: 1 | 2
  onChange: (rule: DraftRule) => void
  onRemove?: () => void
}

const TYPE_WORDS: Readonly<Record<RuleType, string>> = { ALL: 'all', ANY: 'any', NONE: 'none' }
const JOINTS: Readonly<Record<RuleType, string>> = { ALL: 'and', ANY: 'or', NONE: 'nor' }

function RuleEditor({ rule, level, traits, warnings, onChange, onRemove }: RuleEditorProps) {
  const add = () => onChange({ ...rule, conditions: [...rule.conditions, blankCondition()] })
  return (
    <section className={classes['rule']} data-level={level} aria-label={`${TYPE_WORDS[rule.type]} of`}>
      <RuleHead rule={rule} level={level} onChange={onChange} onRemove={onRemove} />
      {rule.conditions.map((condition, place) => (
        <ConditionRow
          key={condition.key}
          condition={condition}
          joint={place === 0 ? '' : JOINTS[rule.type]}
          traits={traits}
          warning={condition.choice === 'REGEX' ? warnings[conditionOf(condition).value ?? ''] : undefined}
          onChange={(changed) =>
            onChange({
              ...rule,
              conditions: rule.conditions.map((each) => (each.key === changed.key ? changed : each)),
            })
          }
          onRemove={() =>
            onChange({ ...rule, conditions: rule.conditions.filter(({ key }) => key !== condition.key) })
          }
        />
      ))}
      {rule.rules.map((nested, place) => (
        <div key={nested.key} className={classes['nested']}>
          <span className={classes['joint']}>{jointBefore(rule, place)}</span>
          <RuleEditor
            {...{ traits, warnings }}
            rule={nested}
            level={2}
            onChange={(changed) =>
              onChange({
                ...rule,
                rules: rule.rules.map((each) => (each.key === changed.key ? changed : each)),
              })
            }
            onRemove={() => onChange({ ...rule, rules: rule.rules.filter(({ key }) => key !== nested.key) })}
          />
        </div>
      ))}
      <Group gap={4} className={classes['adding'] ?? ''}>
        <Button variant="subtle" size="compact-sm" leftSection={<IconPlus size={14} />} onClick={add}>
          Add a condition
        </Button>
        {level === 1 && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconFolderPlus size={14} />}
            onClick={() => onChange({ ...rule, rules: [...rule.rules, blankRule('ANY')] })}
          >
            Add a group
          </Button>
        )}
      </Group>
    </section>
  )
}

// Conditions and groups of an "any" are two demands: one hit is needed among each.
function jointBefore(rule: DraftRule, place: number): string {
  if (place > 0) return JOINTS[rule.type]
  if (rule.conditions.length === 0) return ''
  return rule.type === 'ANY' ? 'and' : JOINTS[rule.type]
}

type RuleHeadProps = Pick<RuleEditorProps, 'rule' | 'level' | 'onChange'> & {
  onRemove: (() => void) | undefined
}

function RuleHead({ rule, level, onChange, onRemove }: RuleHeadProps) {
  return (
    <div className={classes['head']}>
      {level === 1 && <span>Identities for whom</span>}
      <Select
        size="xs"
        w={84}
        aria-label="How many must hold"
        allowDeselect={false}
        data={RULE_TYPES.map((type) => ({ value: type, label: TYPE_WORDS[type] }))}
        value={rule.type}
        onChange={(next) =>
          onChange({ ...rule, type: RULE_TYPES.find((type) => type === next) ?? rule.type })
        }
      />
      <span>
        {rule.conditions.length === 0 && rule.rules.length === 0
          ? 'of nothing yet: everybody'
          : 'of these hold'}
      </span>
      {onRemove && (
        <Button
          ml="auto"
          variant="subtle"
          color="gray"
          size="compact-xs"
          leftSection={<IconTrash size={13} />}
          onClick={onRemove}
        >
          Remove the group
        </Button>
      )}
    </div>
  )
}
