import { Stack, Text } from '@mantine/core'
import { plain } from '@/data/targeting'
import { ValueChip } from '@/ui/badge'
import { confirm } from '@/ui/confirm'
import { OldNew } from '@/ui/old-new'
import { SaveBar } from '@/ui/save-bar'
import { isProtected } from '@/widgets/environment-colour'
import type { Pending } from './edits'
import type { Cells } from './use-cells'

/** Values that wait to be saved together; a protected environment and a conflict ask with what changes. */
export function EditsBar({ cells }: { cells: Cells }) {
  const { pending, discard, saveEdits, isSaving } = cells
  const conflicts = pending.filter(({ isConflict }) => isConflict).length
  const guarded = pending.some(({ edit }) => isProtected(edit.environment))
  const ask = () =>
    confirm({
      title: conflicts > 0 ? 'Somebody else changed some of these flags' : 'Save these values?',
      action: conflicts > 0 ? 'Save mine all the same' : 'Save',
      destructive: conflicts > 0,
      children: <Changes pending={pending} />,
      onConfirm: saveEdits,
    })
  return (
    <SaveBar
      changes={pending.length}
      onDiscard={discard}
      onSave={conflicts > 0 || guarded ? ask : saveEdits}
      saving={isSaving}
    >
      {conflicts > 0 && (
        <Text size="sm" c="red" role="alert">
          {conflicts === 1 ? 'One flag was' : `${conflicts} flags were`} changed by somebody else meanwhile
        </Text>
      )}
    </SaveBar>
  )
}

const SHOWN = 12

function Changes({ pending }: { pending: readonly Pending[] }) {
  return (
    <Stack gap={6}>
      {pending.slice(0, SHOWN).map(({ edit, row, before }) => (
        <OldNew
          key={`${row.id}:${edit.environment.id}`}
          label={`${row.name} in ${edit.environment.name}`}
          before={<ValueChip value={plain(before)} />}
          after={<ValueChip value={plain(edit.value)} />}
        />
      ))}
      {pending.length > SHOWN && <Text size="sm">and {pending.length - SHOWN} more</Text>}
      <Text size="sm" c="dimmed">
        For everybody without an override of their own.
      </Text>
    </Stack>
  )
}
