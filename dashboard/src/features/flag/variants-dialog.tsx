import { ActionIcon, Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { useSaveVariants, type FeatureInFull } from '@/data/flag'
import { typed, type TypedValue } from '@/data/targeting'
import { messageOf } from '@/lib/errors'
import { notifyDone } from '@/ui/notify'
import { useProject } from '@/widgets/use-environment'
import { variantValue } from './names'
import { ValueField } from './value-field'

interface VariantsDialogProps {
  feature: FeatureInFull
  opened: boolean
  onClose: () => void
}

export function VariantsDialog({ feature, opened, onClose }: VariantsDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Variants of ${feature.name}`} size="lg">
      <VariantsForm feature={feature} onClose={onClose} />
    </Modal>
  )
}

interface Line {
  /** What tells it from the others while it has no id. */
  line: number
  id: number | null
  key: string
  value: TypedValue
}

const NEW: TypedValue = { type: 'string', value: '' }

function VariantsForm({ feature, onClose }: Omit<VariantsDialogProps, 'opened'>) {
  const before = feature.multivariate_options
  const [lines, setLines] = useState((): Line[] =>
    before.length > 0
      ? before.map((each) => ({
          line: each.id,
          id: each.id,
          key: each.key ?? '',
          value: typed(variantValue(each)) ?? NEW,
        }))
      : [{ line: -1, id: null, key: '', value: NEW }],
  )
  const save = useSaveVariants(useProject().id, feature.id)
  const set = (line: number, changes: Partial<Line>) =>
    setLines(lines.map((each) => (each.line === line ? { ...each, ...changes } : each)))
  const submit = () =>
    save.mutate(
      {
        gone: before.map(({ id }) => id).filter((id) => !lines.some((each) => each.id === id)),
        kept: lines.map(({ id, key, value }) => ({ id, key: key.trim() || null, value })),
      },
      {
        onSuccess: () => {
          notifyDone({ message: `The variants of ${feature.name} are saved` })
          onClose()
        },
      },
    )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Names and values are the same in all environments and change there at once; shares are set for each.
          A new variant starts with a share of 0 %.
        </Text>
        {save.error && (
          <Alert color="red" variant="light" role="alert">
            {messageOf(save.error)}
          </Alert>
        )}
        {lines.map((each, place) => (
          <VariantFields
            key={each.line}
            variant={each}
            place={place + 1}
            onChange={(changes) => set(each.line, changes)}
            onRemove={() => setLines(lines.filter(({ line }) => line !== each.line))}
          />
        ))}
        <Group justify="space-between">
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPlus size={14} />}
            onClick={() =>
              setLines([
                ...lines,
                { line: Math.min(0, ...lines.map((each) => each.line)) - 1, id: null, key: '', value: NEW },
              ])
            }
          >
            Add a variant
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save the variants
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface VariantFieldsProps {
  variant: Line
  place: number
  onChange: (changes: Partial<Line>) => void
  onRemove: () => void
}

function VariantFields({ variant: { key, value }, place, onChange, onRemove }: VariantFieldsProps) {
  return (
    <Group gap="xs" wrap="nowrap" align="center">
      <TextInput
        size="xs"
        w={160}
        aria-label={`Name of variant ${place}`}
        placeholder="name, optional"
        spellCheck={false}
        data-autofocus={place === 1}
        value={key}
        error={key !== '' && !/^[-\w]+$/.test(key.trim())}
        onChange={(event) => onChange({ key: event.currentTarget.value })}
      />
      <div style={{ flex: 1, minWidth: 0 }}>
        <ValueField
          label={`Value of variant ${place}`}
          value={value}
          onChange={(next) => onChange({ value: next ?? NEW })}
        />
      </div>
      <ActionIcon aria-label={`Remove variant ${place}`} onClick={onRemove}>
        <IconTrash size={15} />
      </ActionIcon>
    </Group>
  )
}
