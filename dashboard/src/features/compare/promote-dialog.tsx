import { Alert, Button, Checkbox, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import {
  PARTS,
  promotionOf,
  usePromote,
  useTakeBack,
  type FeatureDifferences,
  type Part,
} from '@/data/compare'
import type { Environment } from '@/data/places'
import { messageOf } from '@/lib/errors'
import { plural } from '@/lib/format'
import type { FeatureId } from '@/lib/ids'
import { notifyDone } from '@/ui/notify'
import { ListSkeleton } from '@/ui/states'
import { useCan } from '@/widgets/can'
import { isProtected } from '@/widgets/environment-colour'
import { EnvironmentName } from '@/widgets/environment-dot'
import { ChangeList } from './change-list'
import { PART_NAMES } from './model'
import type { VariantNames } from '@/widgets/variant-names'
import classes from './compare.module.css'

interface PromoteDialogProps {
  from: Environment
  to: Environment
  /** Null while the dialog is closed. */
  features: readonly FeatureId[] | null
  parts: readonly Part[]
  variants: VariantNames
  onClose: () => void
  onDone?: () => void
}

/** What exactly will change in the target, before it does; follows what others do meanwhile. */
export function PromoteDialog({ features, onClose, ...rest }: PromoteDialogProps) {
  return (
    <Modal
      opened={features !== null}
      onClose={onClose}
      size="lg"
      title={
        <span className={classes['route']}>
          Promote <EnvironmentName environment={rest.from} /> → <EnvironmentName environment={rest.to} />
        </span>
      }
    >
      {features && <Promotion {...rest} features={features} onClose={onClose} />}
    </Modal>
  )
}

type PromotionProps = Omit<PromoteDialogProps, 'features'> & { features: readonly FeatureId[] }

function Promotion({ from, to, features, parts: wanted, variants, onClose, onDone }: PromotionProps) {
  const maySegments = useCan('MANAGE_SEGMENT_OVERRIDES', { project: to.project, environment: to.api_key })
  const [asked, setParts] = useState<readonly Part[]>(wanted)
  const [note, setNote] = useState('')
  const parts = asked.filter((part) => maySegments || part !== 'segment_overrides')
  const promotion = { from: from.api_key, to: to.api_key, features, parts }
  const preview = useQuery({ ...promotionOf(to.project, promotion), enabled: parts.length > 0 })
  const promote = usePromote(to.project)
  const takeBack = useTakeBack(to.project, () => notifyDone({ message: `${to.name} is as it was before` }))
  const changed =
    parts.length === 0 ? [] : (preview.data?.features ?? []).filter((each) => each.differences.length > 0)
  const problem = promote.error ?? preview.error
  const submit = () =>
    promote.mutate(
      { ...promotion, ...(note.trim() && { note: note.trim() }) },
      {
        onSuccess: ({ features: flags }) => {
          notifyDone({
            message: `${plural(flags.length, 'feature')} promoted to ${to.name}`,
            onUndo: () => takeBack.mutate({ to: to.api_key, flags }),
          })
          onDone?.()
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
      <Stack gap="md">
        {problem && (
          <Alert color="red" variant="light" role="alert">
            {messageOf(problem)}
          </Alert>
        )}
        <Parts chosen={parts} maySegments={maySegments} onChoose={setParts} />
        {preview.isLoading ? (
          <ListSkeleton rows={Math.min(features.length, 6)} />
        ) : (
          <Preview changed={changed} variants={variants} to={to} hasFailed={problem !== null} />
        )}
        <TextInput
          label="Note"
          description="Optional; stands in the audit log."
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={1000}
        />
        <Group gap="xs" justify="flex-end">
          {isProtected(to) && (
            <Text size="sm" c="dimmed" mr="auto">
              {to.name} is protected: look twice.
            </Text>
          )}
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={changed.length === 0} loading={promote.isPending} data-autofocus>
            {`Change ${plural(changed.length, 'feature')} in ${to.name}`}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface PreviewProps {
  changed: readonly FeatureDifferences[]
  variants: VariantNames
  to: Environment
  hasFailed: boolean
}

function Preview({ changed, variants, to, hasFailed }: PreviewProps) {
  if (changed.length === 0)
    return hasFailed ? null : <span className={classes['quiet']}>Nothing of this differs.</span>
  return (
    <ul className={classes['preview']} aria-label={`What changes in ${to.name}`}>
      {changed.map((flag) => (
        <li key={flag.feature.id}>
          <span className={classes['name']}>{flag.feature.name}</span>
          <ChangeList flag={flag} variants={variants} />
        </li>
      ))}
    </ul>
  )
}

interface PartsProps {
  chosen: readonly Part[]
  maySegments: boolean
  onChoose: (parts: readonly Part[]) => void
}

function Parts({ chosen, maySegments, onChoose }: PartsProps) {
  return (
    <Group gap="md" role="group" aria-label="What goes along">
      {PARTS.map((part) => (
        <Checkbox
          key={part}
          size="xs"
          label={PART_NAMES[part]}
          disabled={part === 'segment_overrides' && !maySegments}
          checked={chosen.includes(part)}
          onChange={(event) => {
            const isOn = event.currentTarget.checked
            onChoose(PARTS.filter((each) => (each === part ? isOn : chosen.includes(each))))
          }}
        />
      ))}
    </Group>
  )
}
